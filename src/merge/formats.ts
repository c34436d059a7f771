import { UserError } from '../errors.ts';
import type { AuditReport } from '../report/audit/audit-report.ts';
import { auditJson } from '../report/audit/json.ts';
import { mergedText } from '../report/audit/merge-text.ts';
import type { Paint } from '../report/paint.ts';
import type { MergeFormat } from './format-names.ts';

const renderers: Readonly<Record<MergeFormat, (report: AuditReport, paint?: Paint) => string>> = {
  text: mergedText,
  json: auditJson,
};

/** @throws UserError `report` where it would be longer than anything that could be read again */
export function renderMerged(
  format: MergeFormat,
  report: AuditReport,
  terminal: { readonly paint?: Paint | undefined } = {},
): string {
  try {
    return renderers[format](report, terminal.paint);
  } catch (error) {
    // V8's longest text has 512 MiB.
    if (!(error instanceof RangeError) || error.message !== 'Invalid string length') throw error;
    const number = report.findings.length;
    throw new UserError(
      'report',
      `${number} findings are too many for one report of ${format}: merge fewer clusters at once, or write -o text`,
    );
  }
}
