import type { AuditFinding, AuditObject, AuditReport } from './audit-report.ts';
import { objectPath, viaWords } from './audit-words.ts';

const columns = [
  ...[
    'cluster',
    'namespace',
    'kind',
    'name',
    'team',
    'cost center',
    'profile',
    'policy',
    'severity',
    'action',
  ],
  ...['excepted until', 'message', 'locator', 'via', 'fixable'],
];

/** A line for each finding, as RFC 4180 has it: for spreadsheets. */
export function auditCsv(report: AuditReport): string {
  const { cluster, findings, objects } = report;
  const byPath = new Map(objects.map((object) => [objectPath(object, object.cluster), object]));
  const rows = findings.map((finding) =>
    cells(finding, byPath.get(objectPath(finding.object, finding.cluster)), cluster),
  );
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
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
