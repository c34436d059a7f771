import type { AuditFinding, AuditObject, AuditReport } from './audit-report.ts';
import { objectPath, viaWords } from './audit-words.ts';
import { unjudged, unreadWords } from './unjudged.ts';

// prettier-ignore
const columns = [
  'cluster', 'namespace', 'kind', 'name', 'team', 'cost center', 'profile', 'policy', 'severity', 'action',
  'excepted until', 'message', 'locator', 'via', 'fixable',
] as const;

/** What stands for `deny` or `warn` in a line about something that was not judged. */
const notJudged = 'not judged';

/**
 * A line for each finding, as RFC 4180 has it: for spreadsheets. What could not be read or judged has lines of its own
 * above them, in the same columns: a file that says nothing of it would be taken for the whole.
 */
export function auditCsv(report: AuditReport): string {
  const { cluster, findings, objects } = report;
  const byPath = new Map(objects.map((object) => [objectPath(object, object.cluster), object]));
  const rows = findings.map((finding) =>
    cells(finding, byPath.get(objectPath(finding.object, finding.cluster)), cluster),
  );
  return [columns, ...gapRows(report), ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function gapRows(report: AuditReport): readonly (readonly string[])[] {
  const { kinds, errors } = unjudged(report);
  const row = (of: Partial<Record<(typeof columns)[number], string>>): readonly string[] =>
    columns.map((column) => of[column] ?? '');
  return [
    ...kinds.map(({ cluster = report.cluster, kind, state }) =>
      row({ cluster, kind, action: notJudged, message: `${kind} ${unreadWords[state]}` }),
    ),
    ...errors.map(({ policy = '', message }) =>
      row({ cluster: report.cluster, policy, action: notJudged, message }),
    ),
  ];
}

function cells(finding: AuditFinding, owner: AuditObject | undefined, cluster: string): readonly string[] {
  const { object, policy, severity, action, exception, message, locator, via, fixable } = finding;
  return [
    ...[finding.cluster ?? cluster, object.namespace ?? '', object.kind, object.name],
    ...[owner?.team ?? '', owner?.costCenter ?? '', owner?.profile ?? '', policy, severity, action],
    ...[exception?.expires ?? '', message, locator],
    ...[via === undefined ? '' : viaWords(via, via.names.length), fixable ? 'yes' : 'no'],
  ];
}

/** Spreadsheets take what begins so for a formula, after blanks too. Full-width signs are taken for the plain ones. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/;

function cell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
