import type { LocatedFinding } from '../report.ts';
import { byObject, groupBy, noteOf, objectTitle, standingOf } from '../words.ts';
import { html, nothing, type Markup } from './markup.ts';

/** All findings by file, object and line; the script filters by the data attributes. */
export function findingList(findings: readonly LocatedFinding[]): Markup {
  if (findings.length === 0) return html`<p id="findings" class="none">No findings.</p> `;
  const files = groupBy(findings, ({ file }) => file);
  return html`<section id="findings" aria-labelledby="findings-title">
    <h2 id="findings-title">Findings</h2>
    ${[...files].map(
      ([file, own]) =>
        html`<section class="file">
          <h3>${file}</h3>
          ${byObject(own).map(objectFindings)}
        </section> `,
    )}
    <p class="none" id="none" hidden>No finding fits the filter.</p>
  </section> `;
}

function objectFindings(findings: readonly LocatedFinding[]): Markup {
  const [first] = findings;
  if (first === undefined) return nothing;
  const lines = groupBy(findings, ({ line, column }) => `${line}:${column}`);
  return html`<details open>
    <summary>${objectTitle(first.object)} <span class="n">${findings.length}</span></summary>
    ${[...lines.values()].map(lineFindings)}
  </details> `;
}

function lineFindings(findings: readonly LocatedFinding[]): Markup {
  const [first] = findings;
  if (first === undefined) return nothing;
  return html`<div class="l">
    <pre><b>${first.line}</b> ${first.excerpt ?? ''}</pre>
    <ul>
      ${findings.map(item)}
    </ul>
  </div> `;
}

function item(finding: LocatedFinding): Markup {
  const { message, remediation, severity, policy, locator, suggestion, fixable } = finding;
  const standing = standingOf(finding);
  const note = noteOf(finding);
  return html`<li class="${standing}" data-s="${severity}" data-p="${policy}">
    <p><b>${standing}</b> ${message}</p>
    <p class="t">${remediation}</p>
    ${suggestion === undefined ? nothing : html`<pre>${suggestion}</pre>`}
    <p class="w">
      <code>${locator}</code> <a href="#${policy}">${policy}</a> ${severity}${fixable ? ', fixable' : ''}${
        note === '' ? nothing : html`<em>${note}</em>`
      }
    </p>
  </li>`;
}
