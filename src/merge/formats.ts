import type { AuditReport } from '../report/audit/audit-report.ts';
import { renderAudit } from '../report/audit/formats.ts';
import { mergedText } from '../report/audit/merge-text.ts';
import { printableAudit } from '../report/audit/printable-audit.ts';
import type { RenderContext } from '../report/render-context.ts';
import type { MergeFormat } from './format-names.ts';

/** As text, a table of clusters; in every other format what an audit is. */
export function renderMerged(
  format: MergeFormat,
  report: AuditReport,
  context: RenderContext,
): string | Iterable<string> {
  return format === 'text'
    ? mergedText(printableAudit(report), context.paint)
    : renderAudit(format, report, context);
}
