import { compareTexts } from '../engine/order.ts';
import { printable } from '../engine/message.ts';
import { UserError } from '../errors.ts';
import type { AuditReport, MergedCluster } from '../report/audit/audit-report.ts';
import { concatenate, distinct } from './concatenate.ts';
import { joinShards, type FoundReport } from './join-shards.ts';

/**
 * The reports of several clusters as one, whatever their order: shards of a cluster are joined before. The report of
 * one cluster alone stays one.
 *
 * @throws UserError `report` where a cluster is there twice, or a shard of it is missing
 */
export function mergeReports(found: readonly FoundReport[]): AuditReport {
  const merged = found.filter(({ report }) => report.clusters !== undefined);
  const single = found.filter(({ report }) => report.clusters === undefined);
  const whole = [...Map.groupBy(single, ({ report }) => report.cluster).values()].map(oneOfCluster);
  refuseTwice([...merged, ...whole]);
  const reports = [...merged.map(({ report }) => report), ...whole.map(({ report }) => named(report))];
  const [first] = whole;
  if (first !== undefined && reports.length === 1) return first.report;
  const clusters = reports
    .flatMap((report) => report.clusters ?? [])
    .sort((a, b) => compareTexts(a.name, b.name));
  // What several say, the first of them says for all: it must not depend on the order of arguments.
  const parts = reports.sort((a, b) =>
    compareTexts(a.clusters?.[0]?.name ?? '', b.clusters?.[0]?.name ?? ''),
  );
  const { notices, ...content } = concatenate(parts);
  return {
    cluster: `${clusters.length} clusters`,
    date: clusters.reduce((latest, { date }) => (date > latest ? date : latest), ''),
    server: distinct(clusters.map(({ server }) => server)),
    kubernetes: distinct(clusters.map(({ kubernetes }) => kubernetes)),
    settings: distinct(clusters.map(({ settings }) => settings)),
    clusters,
    ...content,
    notices: [...new Set([...differences(clusters), ...notices])],
    trend: [],
  };
}

function oneOfCluster(found: readonly FoundReport[]): FoundReport {
  const [first, second] = found;
  if (first === undefined) throw new RangeError('a group has members');
  const sharded = found.filter(({ report }) => report.coverage.shard !== undefined);
  if (sharded.length === 0) {
    if (second !== undefined) throw twice(first.report.cluster, first.file, second.file);
    return first;
  }
  const other = found.find(({ report }) => report.coverage.shard === undefined);
  const [shard] = sharded;
  if (other !== undefined && shard !== undefined)
    throw twice(other.report.cluster, other.file, shard.file, ', of which one is a shard');
  return { file: first.file, report: joinShards(sharded) };
}

function refuseTwice(found: readonly FoundReport[]): void {
  const files = new Map<string, string>();
  for (const { file, report } of found) {
    for (const name of report.clusters?.map((cluster) => cluster.name) ?? [report.cluster]) {
      const known = files.get(name);
      if (known !== undefined) throw twice(name, known, file);
      files.set(name, file);
    }
  }
}

function twice(cluster: string, one: string, other: string, more = ''): UserError {
  const [a = one, b = other] = [one, other].sort();
  return new UserError(
    'report',
    `cluster ${printable(cluster, 253)} is in two reports${more}: ${a} and ${b}: name each cluster once, or give them different names with daygate audit --cluster`,
  );
}

/** A report whose every line says of which cluster it is. */
function named(report: AuditReport): AuditReport {
  const { cluster, date, server, kubernetes, settings, profiles, coverage, upgrade, patches } = report;
  const of = <T extends object>(item: T): T & { readonly cluster: string } => ({ ...item, cluster });
  const say = (text: string): string => `${printable(cluster, 253)}: ${text}`;
  const { only, ...all } = coverage;
  return {
    ...report,
    clusters: [
      { name: cluster, date, server, kubernetes, settings, ...(profiles === undefined ? {} : { profiles }) },
    ],
    findings: report.findings.map(of),
    ...(patches === undefined ? {} : { patches: { ...patches, changes: patches.changes.map(of) } }),
    objects: report.objects.map(of),
    namespaces: report.namespaces.map(of),
    errors: report.errors.map((error) => ({ ...error, message: say(error.message) })),
    skipped: report.skipped.map(of),
    coverage: { ...all, kinds: coverage.kinds.map(of) },
    ...(upgrade === undefined
      ? {}
      : { upgrade: { ...upgrade, blockedDrains: upgrade.blockedDrains.map(of) } }),
    notices: [
      ...report.notices.map(say),
      ...(only === undefined ? [] : [say(`only these namespaces were audited: ${only.join(', ')}`)]),
    ],
  };
}

function differences(clusters: readonly MergedCluster[]): readonly string[] {
  const notices: string[] = [];
  const digests = new Set(clusters.map(({ settings }) => settings));
  if (digests.size > 1)
    notices.push(
      `The clusters were judged by ${digests.size} different settings, policies or versions of daygate: a number of one is not that of another`,
    );
  const dates = [...new Set(clusters.map(({ date }) => date))].sort();
  if (dates.length > 1)
    notices.push(`The reports are of different days, from ${dates[0] ?? ''} to ${dates.at(-1) ?? ''}`);
  return notices;
}
