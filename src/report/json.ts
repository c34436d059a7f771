import { jsonText } from './json-text.ts';
import { summarize, type LocatedFinding, type Report } from './report.ts';

/** The JSON output, version 1: a contract (docs/check-output.schema.json), with keys in a fixed order. */
export function jsonReport(report: Report): string {
  const { errors, skipped, coverage, baseline } = report;
  const renderings = report.renderings?.map((rendering) => ({
    ...rendering,
    findings: report.findings.filter(({ render }) => render === rendering.label).length,
  }));
  const findings = report.findings.map(jsonFinding);
  // JSON leaves out what is undefined.
  return jsonText({
    version: 1,
    summary: summarize(report),
    findings,
    errors,
    skipped,
    coverage,
    renderings,
    baseline,
    ...(report.hasPasses === true ? passesOf(report) : {}),
  });
}

/** What was judged, object by object, and what the policies that it was judged by answer to. */
function passesOf({ judged, policies }: Report): object {
  return {
    objects: judged.map(({ object, render, file, profile, passes = [], notJudged = [] }) => ({
      ...object,
      render,
      file,
      profile,
      passes,
      ...(notJudged.length === 0 ? {} : { notJudged }),
    })),
    policies: policies.map(({ id, title, controls }) => ({ id, title, controls })),
  };
}

function jsonFinding(finding: LocatedFinding): object {
  const { render, item, approximate, exception, ended, baselined, fingerprint, leniency, suggestion } =
    finding;
  return {
    policy: finding.policy,
    severity: finding.severity,
    action: finding.action,
    message: finding.message,
    remediation: finding.remediation,
    object: finding.object,
    pointer: finding.pointer,
    locator: finding.locator,
    ...(render === undefined ? {} : { render }),
    file: finding.file,
    document: finding.document,
    ...(item === undefined ? {} : { item }),
    line: finding.line,
    column: finding.column,
    ...(approximate === undefined ? {} : { approximate }),
    messageId: finding.messageId,
    fixable: finding.fixable,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(leniency === undefined ? {} : { leniency }),
    ...(exception === undefined ? {} : { exception }),
    ...(ended === undefined ? {} : { ended }),
    ...(baselined === undefined ? {} : { baselined }),
  };
}
