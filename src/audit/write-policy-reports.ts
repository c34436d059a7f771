import { property, records, text } from '#sdk';
import { ClusterError, continueToken, isStatus } from '../cluster/cluster-error.ts';
import type { ApiObject, Cluster } from '../cluster/cluster.ts';
import type { ObjectRef, Resource } from '../cluster/resource.ts';
import { compareTexts } from '../engine/order.ts';
import { messageOf, UserError } from '../errors.ts';
import type { AuditReport } from '../report/audit/audit-report.ts';
import type { PolicyReport } from '../report/audit/policy-report-object.ts';
import { policyReports } from '../report/audit/policy-report.ts';
import { printableAudit } from '../report/audit/printable-audit.ts';
import { patiently } from './list-kind.ts';
import type { Pace } from './pace.ts';

const api = { group: 'wgpolicyk8s.io', version: 'v1alpha2' };
const resources: Readonly<Record<PolicyReport['kind'], Resource>> = {
  PolicyReport: { ...api, resource: 'policyreports' },
  ClusterPolicyReport: { ...api, resource: 'clusterpolicyreports' },
};

const ownName = 'daygate';
const ownedBy = 'app.kubernetes.io/managed-by=daygate';
const pageSize = 500;

/** Where a report lies: there is one of daygate's in each place. */
interface Place {
  readonly kind: PolicyReport['kind'];
  readonly namespace: string | undefined;
}

/** What became of the PolicyReports. */
interface WrittenReports {
  readonly written: number;
  readonly removed: number;
  /** Results that had no room in the objects: other formats have them. */
  readonly leftOut: number;
  /** What could not be written or removed, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Writes an audit into the cluster as PolicyReports: each replaces what an earlier audit wrote, and those of namespaces
 * that have none any more are removed. Objects that somebody else made are left alone, and named. It is the only thing
 * that an audit ever writes.
 *
 * @param report of one cluster, not of a shard: the shards would overwrite each other's ClusterPolicyReport
 * @throws UserError `cluster` where the API server serves no PolicyReports, or does not let them be listed
 */
export async function writePolicyReports(
  cluster: Cluster,
  pace: Pace,
  report: AuditReport,
): Promise<WrittenReports> {
  // An audit of some namespaces knows nothing of what belongs to none.
  const wanted = policyReports(printableAudit(report)).filter(
    ({ kind }) => report.coverage.only === undefined || kind === 'PolicyReport',
  );
  const owned = new Map<string, Place>();
  for (const kind of ['ClusterPolicyReport', 'PolicyReport'] as const)
    for (const place of await ownedReports(cluster, pace, kind)) owned.set(keyOf(place), place);
  const problems: string[] = [];
  const attempt = async (work: () => Promise<boolean>): Promise<number> => {
    try {
      return (await work()) ? 1 : 0;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      problems.push(messageOf(error));
      return 0;
    }
  };
  let [written, removed] = [0, 0];
  for (const one of wanted) {
    const key = keyOf({ kind: one.kind, namespace: one.metadata.namespace });
    written += await attempt(() => write(cluster, pace, one, owned.has(key)));
    owned.delete(key);
  }
  for (const [, place] of [...owned].sort(([a], [b]) => compareTexts(a, b)))
    if (isOfThisAudit(place, report)) removed += await attempt(() => remove(cluster, pace, place));
  return { written, removed, leftOut: leftOutOf(wanted), problems };
}

/** The reports that daygate wrote. */
async function ownedReports(cluster: Cluster, pace: Pace, kind: Place['kind']): Promise<readonly Place[]> {
  const resource = resources[kind];
  const found: Place[] = [];
  let token: string | undefined;
  do {
    const options = {
      labelSelector: ownedBy,
      limit: pageSize,
      metadataOnly: true,
      ...(token === undefined ? {} : { continue: token }),
    };
    const list = await patiently(pace, () => cluster.list(resource, options)).catch((error: unknown) => {
      if (!isStatus(error, 404)) throw error;
      throw new UserError(
        'cluster',
        `${cluster.server}: it serves no ${resource.resource} of wgpolicyk8s.io/v1alpha2: install their CustomResourceDefinitions first (docs/audit.md), or leave --write-policy-reports out`,
      );
    });
    for (const item of records(list['items'] as readonly object[])) {
      const metadata = property(item, 'metadata');
      if (property(metadata, 'name') === ownName)
        found.push({ kind, namespace: text(property(metadata, 'namespace')) });
    }
    token = continueToken(list);
  } while (token !== undefined);
  return found;
}

/** False where the namespace has gone since it was audited. */
async function write(cluster: Cluster, pace: Pace, report: PolicyReport, isOwned: boolean): Promise<boolean> {
  const { kind, metadata } = report;
  const place = refOf({ kind, namespace: metadata.namespace });
  if (isOwned) {
    try {
      await patiently(pace, () => cluster.patch({ ...place, name: ownName }, patchOf(report)));
      return true;
    } catch (error) {
      // Somebody has removed it meanwhile.
      if (!isStatus(error, 404)) throw error;
    }
  }
  try {
    await patiently(pace, () => cluster.create(place, report as unknown as ApiObject));
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    if (!isStatus(error, 409)) throw error;
    const where = metadata.namespace === undefined ? '' : ` in the namespace ${metadata.namespace}`;
    throw new ClusterError(
      `there is a ${kind} ${ownName}${where} that daygate did not write: it has no label ${ownedBy}; remove or rename it`,
    );
  }
}

/** Replaces all that an earlier audit said: a merge patch replaces lists, and takes away what is null. */
function patchOf({ metadata, summary, results }: PolicyReport): object {
  const annotations = {
    'daygate.dev/left-out': null,
    'daygate.dev/not-reported': null,
    ...metadata.annotations,
  };
  return { metadata: { labels: metadata.labels, annotations }, summary, results };
}

async function remove(cluster: Cluster, pace: Pace, place: Place): Promise<boolean> {
  try {
    await patiently(pace, () => cluster.remove({ ...refOf(place), name: ownName }));
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}

/** Nothing is removed that the audit did not look at, or of which it could not learn whether it is there. */
function isOfThisAudit({ namespace }: Place, { coverage }: AuditReport): boolean {
  const read = coverage.kinds.find(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1');
  if (read !== undefined && read.state !== 'complete' && read.state !== 'resumed') return false;
  return coverage.only === undefined || (namespace !== undefined && coverage.only.includes(namespace));
}

function leftOutOf(reports: readonly PolicyReport[]): number {
  return reports.reduce(
    (sum, { metadata }) => sum + Number(metadata.annotations['daygate.dev/left-out'] ?? 0),
    0,
  );
}

function refOf({ kind, namespace }: Place): Omit<ObjectRef, 'name'> {
  return { ...resources[kind], ...(namespace === undefined ? {} : { namespace }) };
}

function keyOf({ kind, namespace }: Place): string {
  return JSON.stringify([kind, namespace]);
}
