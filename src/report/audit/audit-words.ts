import type { ObjectReference } from '../../engine/review.ts';
import { count, firstOf } from '../words.ts';
import type { AuditFinding, AuditReport, KindCoverage } from './audit-report.ts';

/** `shop/Deployment.apps/web`, `ClusterRole.rbac.authorization.k8s.io/admin`; in a report of several `east/shop/…`. */
export function objectPath(object: ObjectReference, cluster: string | undefined): string {
  const { namespace, name } = object;
  return [cluster, namespace, kindPath(object), name].filter((part) => part !== undefined).join('/');
}

/** `Deployment.apps`, `Pod` */
export function kindPath({ apiVersion, kind }: Pick<ObjectReference, 'apiVersion' | 'kind'>): string {
  const [group, version] = apiVersion.split('/');
  return version === undefined || group === undefined ? kind : `${kind}.${group}`;
}

/** The clusters of a report: one, or those that were merged, in the order of their names. */
export function clustersOf({
  cluster,
  findings,
  objects,
  namespaces,
  coverage,
}: AuditReport): readonly string[] {
  const named = [...findings, ...objects, ...namespaces, ...coverage.kinds].flatMap(
    (one) => one.cluster ?? [],
  );
  return named.length === 0 ? [cluster] : [...new Set(named)].sort();
}

/** `in 3 of its Pods: a, b, c` */
export function viaWords({ kind, names }: NonNullable<AuditFinding['via']>, most = 3): string {
  return `in ${names.length} of its ${kind}s: ${firstOf(names, most)}`;
}

/** Kinds in a state, each once, with the clusters where that is so. */
export function kindsIn(state: KindCoverage['state'], { coverage }: AuditReport): readonly string[] {
  const kinds = Map.groupBy(
    coverage.kinds.filter((kind) => kind.state === state),
    kindPath,
  );
  return [...kinds].map(([name, places]) => {
    const clusters = [...new Set(places.flatMap(({ cluster }) => cluster ?? []))];
    return clusters.length === 0 ? name : `${name} in ${firstOf(clusters, 3)}`;
  });
}

/** What was not judged by which policy, the same of several clusters once: a whole sentence each. */
export function auditGaps({ skipped }: AuditReport): readonly string[] {
  const alike = Map.groupBy(skipped, ({ policy, reason }) =>
    policy === undefined ? reason : `${policy} ${reason}`,
  );
  return [...alike].map(([reason, all]) => {
    const objects = all.reduce((sum, skip) => sum + skip.objects, 0);
    const clusters = [...new Set(all.flatMap(({ cluster }) => cluster ?? []))];
    const where = clusters.length === 0 ? '' : ` in ${firstOf(clusters, 3)}`;
    return objects === 0 && where === '' ? reason : `${reason} (${count(objects, 'object')}${where})`;
  });
}

/** Where the audit was asked for less than the whole cluster. */
export function scopeNotes({ coverage: { shard, only } }: AuditReport): readonly string[] {
  return [
    ...(shard === undefined ? [] : [`This is shard ${shard.index} of ${shard.of}.`]),
    ...(only === undefined ? [] : [`Only these namespaces were asked for: ${firstOf(only, 10)}.`]),
  ];
}

/** Owners of pods that daygate knows nothing about. */
export function unmappedNotes({ coverage }: AuditReport): readonly string[] {
  return coverage.unmapped.map(
    ({ owned, ...kind }) =>
      `${kindPath(kind)} owns ${count(owned, 'object')} and is not known to make pods: its pods were judged themselves.`,
  );
}

/** What keeps nodes from being drained, where the report is about an upgrade. */
export function drainNotes({ upgrade }: AuditReport): readonly string[] {
  return (upgrade?.blockedDrains ?? []).map(({ cluster, namespace, name, healthy, desired }) => {
    const where = cluster === undefined ? '' : `${cluster}: `;
    return `${where}PodDisruptionBudget ${namespace}/${name} allows no eviction now (${healthy} pods are healthy, and ${desired} have to be): the drain of a node waits for it.`;
  });
}

/** Passes were asked for, of one cluster at least. */
export function hasPasses({ objects }: Pick<AuditReport, 'objects'>): boolean {
  return objects.some(({ passes }) => passes !== undefined);
}
