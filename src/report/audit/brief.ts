import { plainPaint, type Paint } from '../paint.ts';
import { summaryLine } from '../text.ts';
import { count } from '../words.ts';
import { asCheck } from './as-check.ts';
import type { AuditReport } from './audit-report.ts';
import { printableAudit } from './printable-audit.ts';

const mostErrors = 3;

/** What somebody must know who sees none of the report: what kept it from being complete, and how it ended. */
export function auditBrief(report: AuditReport, paint: Paint = plainPaint): readonly string[] {
  const shown = printableAudit(report);
  const rest = shown.errors.length - mostErrors;
  return [
    ...shown.errors.slice(0, mostErrors).map(({ message }) => `${paint.red('error')} ${message}`),
    ...(rest > 0 ? [`… and ${count(rest, 'more error')}: the report has them all`] : []),
    summaryLine(asCheck(shown), paint),
  ];
}
