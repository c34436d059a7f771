import { remediesOf } from '../policy-help.ts';
import type { Report, ReportPolicy } from '../report.ts';
import { markup, nothing, type Markup } from './markup.ts';

/** Why each policy with findings matters, and the names of those that are met. */
export function policyList({ findings, policies }: Report): Markup {
  if (policies.length === 0) return nothing;
  const found = new Set(findings.map(({ policy }) => policy));
  const met = policies.filter(({ id }) => !found.has(id));
  return markup`<section aria-labelledby="policies">
    <h2 id="policies">Policies</h2>
    ${policies.filter(({ id }) => found.has(id)).map(entry)}${
      met.length === 0
        ? nothing
        : markup`<details class="met">
            <summary>Without findings <span class="n">${met.length}</span></summary>
            <ul>
              ${met.map(({ id, title }) => markup`<li><code>${id}</code> ${title}</li>`)}
            </ul>
          </details>`
    }
  </section> `;
}

function entry(policy: ReportPolicy): Markup {
  const { id, title, why, severity, category, references } = policy;
  return markup`<article id="${id}" data-category="${category}">
    <h3>${title}</h3>
    <p class="w"><code>${id}</code> ${category}, ${severity} severity</p>
    <p>${why}</p>
    <ul>
      ${remediesOf(policy).map((text) => markup`<li>${text}</li>`)}
    </ul>
    ${references.map(referenceLink)}
  </article> `;
}

/** A page to read, or whatever else a policy refers to. */
export function referenceLink(reference: string): Markup {
  if (!/^https?:\/\//.test(reference)) return markup`<p>${reference}</p>`;
  return markup`<p><a href="${reference}" rel="noreferrer noopener">${reference}</a></p>`;
}
