import type { Format } from './format-names.ts';
import { githubReport } from './github.ts';
import { gitlabReport } from './gitlab.ts';
import { htmlReport } from './html/page.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { printableReport } from './one-line.ts';
import type { RenderContext } from './render-context.ts';
import type { Report } from './report.ts';
import { sarifReport } from './sarif.ts';
import { textReport } from './text.ts';

const renderers: Readonly<Record<Format, (report: Report, context: RenderContext) => string>> = {
  text: textReport,
  json: jsonReport,
  sarif: sarifReport,
  junit: junitReport,
  github: githubReport,
  gitlab: gitlabReport,
  markdown: markdownReport,
  html: htmlReport,
};

/** The report in a format, with a line feed at its end. The JSON contract alone keeps hostile characters, escaped. */
export function renderReport(format: Format, report: Report, context: RenderContext): string {
  return renderers[format](format === 'json' ? report : printableReport(report), context);
}
