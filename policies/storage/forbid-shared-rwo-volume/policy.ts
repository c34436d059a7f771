import {
  definePolicy,
  fewNames,
  isControlled,
  list,
  nodeOfAffinity,
  scaledObjectKind,
  text,
  workloadName,
  type Facts,
} from '#sdk';
import { z } from 'zod';
import { claimsOf, isTogether, mostPods, rivals } from './claim-users.ts';

export default definePolicy({
  id: 'forbid-shared-rwo-volume',
  category: 'storage',
  title: 'Forbid sharing a ReadWriteOnce claim',
  severity: 'high',
  target: 'relation',
  kinds: ['Workload'],
  facts: ['PersistentVolumeClaim', 'Workload'],
  optionalFacts: ['HorizontalPodAutoscaler', scaledObjectKind, 'PersistentVolume'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: {
    replicas:
      '{kind} {name} runs {pods} with the claim {claim}, which is {mode}: {holder} at a time can use it.',
    workloads:
      '{kind} {name} shares the claim {claim} with {others}, and it is {mode}: {holder} at a time can use it.',
  },
  why: 'The first pod gets the volume, and those on other nodes wait for it in ContainerCreating: a rollout, a drain or the first scaling out shows it, and then for good.',
  remediation: {
    replicas:
      'Make it a StatefulSet with volumeClaimTemplates, so that each pod has a claim of its own, or use a ReadWriteMany claim, or run one pod.',
    workloads:
      'Give each a claim of its own or use a ReadWriteMany claim; where they have to share a disk, keep them on one node by a required podAffinity.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes',
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage',
  ],
  validate({ object, kind, namespace, pod, facts }, { report }) {
    // What a controller made is said of its maker, and what an operator made is its business.
    if (pod === undefined || isControlled(object)) return;
    const { podSpec } = pod;
    const user = { kind, object, namespace, podSpec };
    for (const { claim, index } of claimsOf(user)) {
      const mode = onlyMode(claim, namespace, facts);
      if (mode === undefined) continue;
      const at = pod.at('volumes', index, 'persistentVolumeClaim', 'claimName');
      const holder = mode === 'ReadWriteOncePod' ? 'one pod' : 'one node';
      const most = mostPods(user, facts);
      if (most > 1 && !isTogether(user, mode)) {
        const pods = most === Infinity ? 'a pod on each node' : `up to ${most} pods`;
        report({ message: 'replicas', at, data: { pods, claim, mode, holder } });
      }
      const others = rivals(user, claim, mode, facts);
      if (others.length === 0) continue;
      report({
        message: 'workloads',
        at,
        data: { others: fewNames(others.map(workloadName)), claim, mode, holder },
      });
    }
  },
});

/** The mode of a claim that one node or one pod at a time can use; undefined for others, and where nobody knows. */
function onlyMode(claim: string, namespace: string | undefined, facts: Facts): string | undefined {
  const spec = facts.find('PersistentVolumeClaim', claim, namespace)?.spec;
  const modes: readonly unknown[] = list(spec?.accessModes);
  const [first] = modes;
  const isExclusive = modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
  if (!isExclusive || (first === 'ReadWriteOnce' && isOnOneNode(spec?.volumeName, facts))) return undefined;
  return text(first);
}

/** Whether all pods with the volume run on one node anyway: it lies there, and the scheduler knows. */
function isOnOneNode(volume: unknown, facts: Facts): boolean {
  const name = text(volume) ?? '';
  const spec = name === '' ? undefined : facts.find('PersistentVolume', name, undefined)?.spec;
  if (spec?.local != null) return true;
  const required = spec?.nodeAffinity?.required ?? null;
  return (
    nodeOfAffinity({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
    }) !== undefined
  );
}
