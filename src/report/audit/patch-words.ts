import { count } from '../words.ts';
import { kindPath, objectPath } from './audit-words.ts';
import type { ReportPatches } from '../report.ts';
import { objectsOf, type AuditPatch, type AuditPatches } from './audit-patches.ts';

/**
 * What admission would patch, in the words of formats that people read; of many changes the first.
 *
 * @param most how many changes
 * @param characters how many their diffs have together
 */
export function patchesShown(patches: AuditPatches, most: number, characters = Infinity): ReportPatches {
  const { policies, objects, changes } = patches;
  let room = characters;
  const end = changes.findIndex(({ diff }, index) => index === most || (room -= diff.join('\n').length) < 0);
  const shown = end === -1 ? changes : changes.slice(0, end);
  const rest = objects - shown.reduce((sum, change) => sum + objectsOf(change), 0);
  return {
    title: `Would be patched at admission: ${objects === 0 ? 'nothing' : count(objects, 'object')}`,
    note:
      policies.length === 0
        ? 'No policy fixes anything at admission: that takes fix: true in the settings.'
        : `By ${policies.join(', ')}. Nothing was written.`,
    changes: shown.map((change) => ({
      title: changeTitle(change),
      text: `${change.policies.join(', ')}; ${mendOf(change)}`,
      lines: change.diff,
    })),
    ...(rest > 0
      ? { more: `and ${count(rest, 'more object')}: the JSON form lists up to 1,000 changes` }
      : {}),
  };
}

/** `shop/Deployment.apps/web, 2 of its Pods: web-1-a, web-1-b` */
function changeTitle({ object, cluster, via }: AuditPatch): string {
  const path = objectPath(object, cluster);
  if (via === undefined) return path;
  const names = via.names.slice(0, 3);
  const rest = via.objects - names.length;
  return `${path}, ${via.objects} of its ${via.kind}s: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const restarted: ReadonlySet<string> = new Set(['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);

/** How the change gets into what runs. */
function mendOf({ object, via, patch }: AuditPatch): string {
  const { kind, namespace, name } = object;
  const path = kindPath(object);
  if (via?.kind === 'Pod') {
    if (restarted.has(path)) {
      const where = namespace === undefined ? '' : ` -n ${namespace}`;
      return `new pods get it: kubectl rollout restart ${kind.toLowerCase()}/${name}${where}`;
    }
    return path === 'CronJob.batch'
      ? 'the pods of its next run get it'
      : 'fields of a pod cannot change while it runs: pods that are made anew get it';
  }
  if (via !== undefined) return `each ${via.kind} that is made from now on gets it`;
  if (path === 'Pod') return 'fields of a pod cannot change while it runs: make it anew';
  if (path === 'Job.batch' && patch.some(({ path }) => path.startsWith('/spec/template')))
    return 'the template of a Job cannot change: make it anew';
  return 'it comes with the next change of the object, even of an annotation';
}
