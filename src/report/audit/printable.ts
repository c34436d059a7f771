import { isPlain } from '../../engine/message.ts';
import { oneLine } from '../one-line.ts';
import type { AuditReport } from './audit-report.ts';

/** The report with every text made one printable line, as `printableReport` does for a check. */
export function printableAudit(report: AuditReport): AuditReport {
  return clean(report) as AuditReport;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return isPlain.test(value) ? value : oneLine(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [oneLine(key), clean(inner)]));
}
