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

const renderers = {
  text: textReport,
  json: jsonReport,
  sarif: sarifReport,
  junit: junitReport,
  github: githubReport,
  gitlab: gitlabReport,
  markdown: markdownReport,
  html: htmlReport,
} as const;

export type Format = keyof typeof renderers;
export const formats = Object.keys(renderers) as readonly Format[];

/** The report in a format, with a line feed at its end. The JSON contract alone keeps hostile characters, escaped. */
export function renderReport(format: Format, report: Report, context: RenderContext): string {
  return renderers[format](format === 'json' ? report : printableReport(report), context);
}
