import { severities } from '../../engine/severities.ts';
import type { Report } from '../report.ts';
import { standingOf, standings } from '../words.ts';
import { markup, nothing, type Markup } from './markup.ts';

/**
 * Search and filters; the script shows them, and without it there is simply the whole list. What the baseline lists is
 * hidden until it is asked for.
 */
export function filterBar({ findings, policies, renderings = [] }: Report): Markup {
  if (findings.length === 0) return nothing;
  const found = standings
    .map((name) => [name, findings.filter((finding) => standingOf(finding) === name).length] as const)
    .filter(([, number]) => number > 0);
  const ids = new Set(findings.map(({ policy }) => policy));
  const categories = new Set(policies.filter(({ id }) => ids.has(id)).map(({ category }) => category));
  return markup`<form id="filter" role="search" hidden>
    <input
      type="search"
      id="search"
      aria-label="Search the findings"
      placeholder="Search the findings"
      autocomplete="off"
    />
    <span class="chips" role="group" aria-label="Actions"
      >${found.map(
        ([name, number]) =>
          markup`<label class="chip ${name}"
            ><input type="checkbox" name="standing" value="${name}"${name === 'baselined' ? nothing : markup` checked`} /> ${name} <b>${number}</b></label
          >`,
      )}</span
    >
    <select id="severity" aria-label="Severity">
      <option value="">any severity</option>
      ${severities.map(option)}
    </select>
    <select id="category" aria-label="Section">
      <option value="">all sections</option>
      ${[...categories].sort().map(option)}
    </select>
    ${
      renderings.length === 0
        ? nothing
        : markup`<select id="rendering" aria-label="Rendering">
            <option value="">all renderings</option>
            ${renderings.map(({ label }) => option(label))}
          </select>`
    }
    <output id="shown"></output>
  </form> `;
}

function option(value: string): Markup {
  return markup`<option>${value}</option>`;
}
