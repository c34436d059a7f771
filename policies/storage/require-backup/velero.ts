import { list, matchesLabelSelector, property, records, type LabelSelector } from '#sdk';
import type { PersistentData } from './persistent-data.ts';

/** Names under which Velero knows claims. */
const claimResources: ReadonlySet<unknown> = new Set([
  'persistentvolumeclaims',
  'persistentvolumeclaim',
  'pvc',
  'pvcs',
]);

/** Whether a Schedule of Velero, by its spec, makes copies of the data. */
export function veleroCovers(spec: unknown, data: PersistentData): boolean {
  const template = property(spec, 'template');
  if (property(spec, 'paused') === true || !takesNamespace(template, data.namespace ?? '')) return false;
  if (property(data.labels, 'velero.io/exclude-from-backup') === 'true') return false;
  return takesClaims(template) && takesLabels(template, data) && takesVolumes(template, data);
}

function takesNamespace(template: unknown, namespace: string): boolean {
  const included = names(template, 'includedNamespaces');
  return (
    (included.length === 0 || included.some((pattern) => matchesGlob(namespace, pattern))) &&
    !names(template, 'excludedNamespaces').some((pattern) => matchesGlob(namespace, pattern))
  );
}

function takesClaims(template: unknown): boolean {
  return ['Resources', 'NamespaceScopedResources'].every((what) => {
    const included = names(template, `included${what}`);
    const isClaims = (name: string): boolean => name === '*' || claimResources.has(name);
    return (
      (included.length === 0 || included.some(isClaims)) && !names(template, `excluded${what}`).some(isClaims)
    );
  });
}

/** What a pod mounts goes with it. */
function takesLabels(template: unknown, { labels, pods }: PersistentData): boolean {
  const one = property(template, 'labelSelector') as LabelSelector | null | undefined;
  const selectors = [...(one == null ? [] : [one]), ...selectorsIn(template, 'orLabelSelectors')];
  if (selectors.length === 0) return true;
  return selectors.some((selector) =>
    [labels, ...pods.map((pod) => pod.labels)].some((some) => matchesLabelSelector(selector, some)),
  );
}

/** Without snapshots there are copies of files: where the schedule asks for them, or the pods do. */
function takesVolumes(template: unknown, { pods }: PersistentData): boolean {
  return (
    property(template, 'snapshotVolumes') !== false ||
    property(template, 'defaultVolumesToFsBackup') === true ||
    pods.some((pod) => property(pod.annotations, 'backup.velero.io/backup-volumes') !== undefined)
  );
}

/** The label selectors in a list. */
export function selectorsIn(owner: unknown, field: string): readonly LabelSelector[] {
  return records(property(owner, field) as readonly LabelSelector[] | undefined);
}

function names(owner: unknown, field: string): readonly string[] {
  return list(property(owner, field) as readonly unknown[] | undefined).filter(
    (name) => typeof name === 'string',
  );
}

/** A star stands for any text. */
function matchesGlob(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
