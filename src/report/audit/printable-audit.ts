import { oneLine } from '../one-line.ts';
import type { AuditReport } from './audit-report.ts';

/**
 * The report with every text in it made one printable line: what a format renders from it is harmless in a terminal and
 * legal in XML. The digests that `--since` compares are left out: only JSON has them.
 */
export function printableAudit(report: AuditReport): AuditReport {
  const shown = Object.entries(report).filter(([key]) => key !== 'seen');
  return printableJson(Object.fromEntries(shown)) as AuditReport;
}

function printableJson(value: unknown): unknown {
  if (typeof value === 'string') return oneLine(value);
  if (Array.isArray(value)) return value.map(printableJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [oneLine(key), printableJson(item)]));
}
