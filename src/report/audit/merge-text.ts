import { oneLine } from '../one-line.ts';
import { plainPaint, type Paint } from '../paint.ts';
import { count } from '../words.ts';
import { patchesShown } from './patch-words.ts';
import { summarizeAudit, type AuditFinding, type AuditReport } from './audit-report.ts';

/** More rows than people read; JSON has them all. */
const mostRows = 50;

/** A merged report for people: its clusters, where the most is found by which policy, and what has changed. */
export function mergedText(report: AuditReport, paint: Paint = plainPaint): string {
  const { findings, clusters = [report], coverage, errors, diff, notices, patches } = report;
  const summary = summarizeAudit(report);
  const sections = [
    table(['CLUSTER', 'DATE', 'VERSION', 'DENY', 'WARN', 'AUDIT', 'EXCEPTED'], clusterRows(report), paint),
    findings.length === 0
      ? []
      : table(
          ['CLUSTER', 'NAMESPACE', 'POLICY', 'DENY', 'WARN', 'AUDIT', 'EXCEPTED'],
          placeRows(report),
          paint,
        ),
    diff === undefined
      ? []
      : [
          paint.bold(
            `Since ${diff.since}: ${count(diff.appeared.length, 'new finding')}, ${diff.gone.length} gone`,
          ),
          ...(diff.groups.length === 0
            ? []
            : table(
                ['CLUSTER', 'NAMESPACE', 'POLICY', 'NEW', 'GONE'],
                diff.groups.map(({ cluster, namespace = '-', policy, appeared, gone }) => [
                  ...[cluster, namespace, policy, String(appeared), String(gone)],
                ]),
                paint,
              )),
        ],
    patches === undefined
      ? []
      : [
          `${patchesShown(patches, 0).title}${patches.objects === 0 ? '' : '; -o html and -o json list them'}`,
        ],
    errors.map(({ message }) => `${paint.red('error')} ${oneLine(message)}`),
    notices.map((notice) => `${paint.yellow('note')} ${oneLine(notice)}`),
    [
      `${count(clusters.length, 'cluster')}, ${coverage.judged} of ${count(coverage.listed, 'object')} judged: ${count(
        summary.findings,
        'finding',
      )} (${summary.deny} deny, ${summary.warn} warn, ${summary.audit} audit, ${summary.excepted} excepted)${
        errors.length === 0 ? '' : ` and ${count(errors.length, 'error')}`
      }`,
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function clusterRows(report: AuditReport): readonly (readonly string[])[] {
  const { clusters, findings, cluster, date, server } = report;
  const all = clusters ?? [{ name: cluster, date, server }];
  const found = Map.groupBy(findings, (finding) => finding.cluster ?? cluster);
  return all.map((one) => [one.name, one.date, one.server, ...numbers(found.get(one.name) ?? [])]);
}

function placeRows({ findings, cluster }: AuditReport): readonly (readonly string[])[] {
  const places = Map.groupBy(findings, (finding) =>
    JSON.stringify([finding.cluster ?? cluster, finding.object.namespace ?? '-', finding.policy]),
  );
  return [...places.values()]
    .sort((a, b) => b.length - a.length)
    .flatMap((found) => {
      const [first] = found;
      if (first === undefined) return [];
      return [[first.cluster ?? cluster, first.object.namespace ?? '-', first.policy, ...numbers(found)]];
    });
}

function numbers(findings: readonly AuditFinding[]): readonly string[] {
  const { deny, warn, audit, excepted } = summarizeAudit({ findings, errors: [] });
  return [deny, warn, audit, excepted].map(String);
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const shown = rows.slice(0, mostRows).map((row) => row.map(oneLine));
  const widths = head.map((title, column) =>
    shown.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), title.length),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumeric(head[column]) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const rest = rows.length - shown.length;
  return [
    paint.dim(line(head)),
    ...shown.map(line),
    ...(rest > 0 ? [paint.dim(`… and ${count(rest, 'more row')}: -o json has them all`)] : []),
  ];
}

function isNumeric(title: string | undefined): boolean {
  return /^(?:DENY|WARN|AUDIT|EXCEPTED|NEW|GONE)$/.test(title ?? '');
}
