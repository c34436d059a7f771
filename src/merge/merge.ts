import { readAuditReport } from '../audit/read-report.ts';
import type { Io } from '../cli/io.ts';
import { parseOutputs, writeOutputs } from '../cli/output.ts';
import { exitCode, UserError } from '../errors.ts';
import type { AuditReport } from '../report/audit/audit-report.ts';
import { auditFormats } from '../report/audit/format-names.ts';
import { trendOf } from '../report/audit/trend-point.ts';
import { diffReports } from './diff-reports.ts';
import { renderMerged } from './formats.ts';
import { mergeReports } from './merge-reports.ts';

export interface MergeOptions {
  readonly output?: readonly string[];
  /** Earlier reports. */
  readonly trend?: readonly string[];
  /** The report that findings are compared with. */
  readonly diff?: string;
}

/** `daygate merge`: reports of clusters, and of shards, as one; returns the exit code. */
export function merge(files: readonly string[], options: MergeOptions, io: Io): number {
  const outputs = parseOutputs(options.output ?? ['text'], auditFormats, files);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new UserError('usage', `${twice} is named twice: name each report once`);
  const merged = mergeReports(files.map((file) => ({ file, report: readAuditReport(file) })));
  const earlier = (options.trend ?? []).map(readAuditReport);
  const trend = earlier.length === 0 ? merged.trend : trendOf(earlier);
  const report = compared({ ...merged, trend }, options.diff);
  writeOutputs(outputs, ({ format }, context) => renderMerged(format, report, context), io);
  const counts = report.findings.some(
    ({ action, exception }) => exception === undefined && action !== 'audit',
  );
  return exitCode(report.errors, report.diff === undefined ? counts : report.diff.appeared.length > 0);
}

function compared(report: AuditReport, last: string | undefined): AuditReport {
  if (last === undefined) return report;
  const { diff, notices, errors } = diffReports(readAuditReport(last), report);
  return {
    ...report,
    diff,
    notices: [...report.notices, ...notices],
    errors: [...report.errors, ...errors],
  };
}
