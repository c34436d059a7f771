import type { LocatedFinding, Report } from '../report.ts';
import { byObject, lineNumber, noteOf, objectTitle, standingOf } from '../words.ts';
import { markup, nothing, type Markup } from './markup.ts';

/** All findings by file, object and line; the script filters by class and data attributes. */
export function findingList({ findings, errors }: Report): Markup {
  if (findings.length === 0) {
    const where = errors.length === 0 ? '' : ' in what could be checked';
    return markup`<p id="findings" class="none">No findings${where}.</p>\n`;
  }
  const files = Map.groupBy(findings, ({ file }) => file);
  return markup`<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
${[...files].map(fileFindings)}<p class="none" id="none" hidden>No finding fits the filter.</p></section>\n`;
}

function fileFindings([file, findings]: readonly [string, readonly LocatedFinding[]]): Markup {
  return markup`<section class="file"><h3>${file}</h3>\n${byObject(findings).map(objectFindings)}</section>\n`;
}

function objectFindings(findings: readonly LocatedFinding[]): Markup {
  const [first] = findings;
  if (first === undefined) return nothing;
  const lines = Map.groupBy(findings, ({ line }) => line);
  const { render } = first;
  const where = render === undefined ? nothing : markup` <small>in ${render}</small>`;
  const title = markup`<summary>${objectTitle(first.object)}${where} <span class="n">${findings.length}</span></summary>`;
  const data = render === undefined ? nothing : markup` data-r="${render}"`;
  return markup`<details open${data}>${title}\n${[...lines.values()].map(lineFindings)}</details>\n`;
}

function lineFindings(findings: readonly LocatedFinding[]): Markup {
  const [first] = findings;
  if (first === undefined) return nothing;
  const source = markup`<pre><b>${lineNumber(first)}</b> ${first.excerpt ?? ''}</pre>`;
  return markup`<div class="l">${source}<ul>${findings.map(item)}</ul></div>\n`;
}

function item(finding: LocatedFinding): Markup {
  const { message, remediation, severity, policy, locator, suggestion } = finding;
  const fixable = finding.fixable && finding.render === undefined;
  const standing = standingOf(finding);
  const note = noteOf(finding);
  return markup`<li class="${standing}" data-s="${severity}" data-p="${policy}">${[
    markup`<p><b>${standing}</b> ${message}</p>`,
    markup`<p class="t">${remediation}</p>`,
    suggestion === undefined ? nothing : markup`<pre>${suggestion}</pre>`,
    markup`<p class="w"><code>${locator}</code> <a href="#${policy}">${policy}</a> ${severity}`,
    markup`${fixable ? ', fixable' : ''}${note === '' ? nothing : markup`<em>${note}</em>`}</p>`,
  ]}</li>`;
}
