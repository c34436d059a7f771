import { githubReport } from '../github.ts';
import { gitlabReport } from '../gitlab.ts';
import { junitReport } from '../junit.ts';
import { markdownReport } from '../markdown.ts';
import type { RenderContext } from '../render-context.ts';
import { sarifReport } from '../sarif.ts';
import { asCheck } from './as-check.ts';
import type { AuditReport } from './audit-report.ts';
import { auditCsv } from './csv.ts';
import type { AuditFormat } from './format-names.ts';
import { auditPage } from './html/page.ts';
import { auditJson } from './json.ts';
import { policyReportList } from './policy-report.ts';
import { printableAudit } from './printable-audit.ts';
import { auditText } from './text.ts';

type Renderer = (report: AuditReport, context: RenderContext) => string | Iterable<string>;

const renderers: Readonly<Record<AuditFormat, Renderer>> = {
  text: auditText,
  json: auditJson,
  sarif: (report, context) => sarifReport(asCheck(report), context),
  junit: (report, context) => junitReport(asCheck(report), context),
  github: (report) => githubReport(asCheck(report)),
  gitlab: (report, context) => gitlabReport(asCheck(report), context),
  markdown: (report) => markdownReport(asCheck(report)),
  html: auditPage,
  csv: auditCsv,
  policyreport: policyReportList,
};

/** The audit in a format, whole or in pieces, with a line feed at its end. The JSON contract alone keeps hostile characters, escaped. */
export function renderAudit(
  format: AuditFormat,
  report: AuditReport,
  context: RenderContext,
): string | Iterable<string> {
  return renderers[format](format === 'json' ? report : printableAudit(report), context);
}
