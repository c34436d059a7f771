import { markup, nothing, type Markup } from '../../html/markup.ts';
import { referenceLink } from '../../html/policy-list.ts';
import type { AuditPolicy, AuditReport } from '../audit-report.ts';
import { policiesOf } from '../readiness.ts';
import { sectionsOf } from '../section-of.ts';
import { sections } from '../sections.ts';
import { counted } from './numbers.ts';
import type { Remedies, Remedy } from './remedies.ts';

/** Why each policy with findings matters, and the names of those that are met. */
export function policyList(report: AuditReport, remedies: Remedies): Markup {
  const { findings } = report;
  const policies = policiesOf(report);
  if (policies.length === 0) return nothing;
  const counts = new Map(
    [...Map.groupBy(findings, ({ policy }) => policy)].map(([id, own]) => [id, own.length]),
  );
  const found = policies.filter(({ id }) => counts.has(id));
  const met = policies.filter(({ id }) => !counts.has(id));
  return markup`<section aria-labelledby="policies">
    <h2 id="policies">Policies</h2>
    ${found.map((policy) => entry(policy, counts.get(policy.id) ?? 0, remedies.get(policy.id) ?? []))}${
      met.length === 0
        ? nothing
        : markup`<details class="met">
            <summary>Without findings <span class="n">${met.length}</span></summary>
            <ul>
              ${met.map((policy) => markup`<li id="${policy.id}"${data(policy)}><code>${policy.id}</code> ${policy.title}</li>`)}
            </ul>
          </details>`
    }
  </section> `;
}

function entry(policy: AuditPolicy, findings: number, remedies: readonly Remedy[]): Markup {
  const { id, title, why, severity, references } = policy;
  const titles = sectionsOf(policy).flatMap((section) => sections[section]?.title ?? []);
  return markup`<article id="${id}"${data(policy)}>
    <h3>${title}</h3>
    <p class="w">
      <code>${id}</code> ${titles.join('; ')}; ${severity} severity.
      <a href="#findings" data-filter="policy=${id}">${counted(findings, 'finding')}</a>
    </p>
    <p>${why}</p>
    <ul>
      ${remedies.map(remedy)}
    </ul>
    ${references.map(referenceLink)}
  </article> `;
}

/** What the filter by section reads. */
function data(policy: AuditPolicy): Markup {
  const ids = sectionsOf(policy).flatMap((section) => sections[section]?.id ?? []);
  return markup` data-sections="${ids.join(' ')}"`;
}

function remedy({ text, anchor }: Remedy): Markup {
  const id = anchor === undefined ? nothing : markup` id="${anchor}"`;
  return markup`<li${id}>${text}</li>`;
}
