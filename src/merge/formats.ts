import { UserError } from '../errors.ts';
import type { AuditReport } from '../report/audit/audit-report.ts';
import type { AuditFormat } from '../report/audit/format-names.ts';
import { renderAudit } from '../report/audit/formats.ts';
import { mergedText } from '../report/audit/merge-text.ts';
import { printableAudit } from '../report/audit/printable-audit.ts';
import type { RenderContext } from '../report/render-context.ts';

/**
 * As text, a table of clusters; in every other format what an audit is.
 *
 * @throws UserError `report` where a format that is made in one piece would be longer than a text can be
 */
export function renderMerged(
  format: AuditFormat,
  report: AuditReport,
  context: RenderContext,
): string | Iterable<string> {
  if (format === 'text') return mergedText(printableAudit(report), context.paint);
  try {
    return renderAudit(format, report, context);
  } catch (error) {
    // V8's longest text has 512 MiB.
    if (!(error instanceof RangeError) || error.message !== 'Invalid string length') throw error;
    const number = report.findings.length;
    throw new UserError(
      'report',
      `${number} findings are too many for ${format}: merge fewer clusters at once, or write -o json`,
    );
  }
}
