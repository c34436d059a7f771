import type { AuditReport } from '../report/audit/audit-report.ts';
import { auditJson } from '../report/audit/json.ts';
import { mergedText } from '../report/audit/merge-text.ts';
import type { Paint } from '../report/paint.ts';
import type { MergeFormat } from './format-names.ts';

const renderers: Readonly<Record<MergeFormat, (report: AuditReport, paint?: Paint) => string>> = {
  text: mergedText,
  json: auditJson,
};

export function renderMerged(
  format: MergeFormat,
  report: AuditReport,
  terminal: { readonly paint?: Paint | undefined } = {},
): string {
  return renderers[format](report, terminal.paint);
}
