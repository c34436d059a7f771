import { plainPaint, type Paint } from '../paint.ts';
import { summaryLine } from '../text.ts';
import { count, firstOf } from '../words.ts';
import { asCheck } from './as-check.ts';
import type { AuditReport } from './audit-report.ts';
import { printableAudit } from './printable-audit.ts';
import { kindsIn } from './audit-words.ts';

const mostErrors = 3;

/** What somebody must know who sees none of the report: what kept it from being complete, and how it ended. */
export function auditBrief(report: AuditReport, paint: Paint = plainPaint): readonly string[] {
  const shown = printableAudit(report);
  const rest = shown.errors.length - mostErrors;
  return [
    ...shown.errors.slice(0, mostErrors).map(({ message }) => `${paint.red('error')} ${message}`),
    ...(rest > 0 ? [`… and ${count(rest, 'more error')}: the report has them all`] : []),
    ...rightsHint(shown),
    summaryLine(asCheck(shown), paint),
  ];
}

/** The way out where rights are missing: naming them one by one leads nowhere. */
export function rightsHint(report: AuditReport): readonly string[] {
  const forbidden = kindsIn('forbidden', report);
  if (forbidden.length === 0) return [];
  const [namespace] = report.coverage.only ?? [];
  const cure =
    namespace === undefined
      ? 'daygate render --rbac audit prints a ClusterRole with all the rights that an audit needs, and its binding'
      : `daygate render --rbac audit-namespace -n ${namespace} prints a Role with all the rights that an audit of one namespace needs, and its binding`;
  return [`This account may not list ${firstOf(forbidden, 3)}: ${cure}`];
}
