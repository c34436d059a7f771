import { jsonText } from './json-text.ts';
import { summarize, type LocatedFinding, type Report } from './report.ts';

/** The JSON output, version 1: a contract (docs/check-output.schema.json), with keys in a fixed order. */
export function jsonReport(report: Report): string {
  const { errors, skipped, coverage } = report;
  const findings = report.findings.map(jsonFinding);
  return jsonText({ version: 1, summary: summarize(report), findings, errors, skipped, coverage });
}

function jsonFinding(finding: LocatedFinding): object {
  const { item, exception, leniency, suggestion } = finding;
  return {
    policy: finding.policy,
    severity: finding.severity,
    action: finding.action,
    message: finding.message,
    remediation: finding.remediation,
    object: finding.object,
    pointer: finding.pointer,
    locator: finding.locator,
    file: finding.file,
    document: finding.document,
    ...(item === undefined ? {} : { item }),
    line: finding.line,
    column: finding.column,
    messageId: finding.messageId,
    fixable: finding.fixable,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(leniency === undefined ? {} : { leniency }),
    ...(exception === undefined ? {} : { exception }),
  };
}
