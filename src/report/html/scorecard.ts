import type { Category } from '#sdk';
import { compareTexts } from '../../engine/order.ts';
import type { Report, ReportPolicy } from '../report.ts';
import { standingOf } from '../words.ts';
import { markup, nothing, type Markup } from './markup.ts';

interface Score {
  readonly category: Category;
  readonly policies: number;
  /** Policies with a finding that denies, and those with at most one that warns. */
  readonly denied: number;
  readonly warned: number;
}

/** A card for each section of the catalogue: how many of its policies have findings. */
export function scorecard({ findings, policies, baseline }: Report): Markup {
  if (policies.length === 0) return nothing;
  const standings = Map.groupBy(findings, ({ policy }) => policy);
  const has = (standing: string, { id }: ReportPolicy): boolean =>
    standings.get(id)?.some((finding) => standingOf(finding) === standing) === true;
  const scores = [...Map.groupBy(policies, ({ category }) => category)].map(([category, own]): Score => {
    const denied = own.filter((policy) => has('deny', policy));
    const warned = own.filter((policy) => has('warn', policy) && !has('deny', policy));
    return { category, policies: own.length, denied: denied.length, warned: warned.length };
  });
  scores.sort((a, b) => compareTexts(a.category, b.category));
  return markup`<section aria-labelledby="scorecard">
    <h2 id="scorecard">Scorecard</h2>
    <p class="note">Policies of each section with ${baseline === undefined ? 'findings' : 'new findings'}.</p>
    <ul class="cards">
      ${scores.map(card)}
    </ul>
  </section> `;
}

function card({ category, policies, denied, warned }: Score): Markup {
  const open = denied + warned;
  const rank = denied > 0 ? 'bad' : warned > 0 ? 'fair' : 'good';
  const words = `${open === 0 ? 'none' : open} of ${policies}`;
  const title = category === 'rbac' ? 'RBAC' : category;
  const name = open === 0 ? title : markup`<a href="#findings" data-category="${category}">${title}</a>`;
  const share = (part: number): string => ((part * 100) / policies).toFixed(2);
  return markup`<li class="${rank}">
    <h3>${name}</h3>
    <p>${words}</p>
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="good" width="100" height="4" />
      <rect class="fair" width="${share(open)}" height="4" />
      <rect class="bad" width="${share(denied)}" height="4" />
    </svg>
  </li> `;
}
