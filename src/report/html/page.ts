import type { RenderContext } from '../render-context.ts';
import { summarize, type Report } from '../report.ts';
import { failsAsStale } from '../stale-lines.ts';
import { verdictLine } from '../verdict-line.ts';
import { count, coverageLine } from '../words.ts';
import { filterBar } from './filter-bar.ts';
import { findingList } from './finding-list.ts';
import { gapList, problemList, renderingList, staleList } from './gaps.ts';
import { page } from './frame.ts';
import { markup, type Markup } from './markup.ts';
import { passList, passStyle } from './pass-list.ts';
import { policyList } from './policy-list.ts';
import { scorecard } from './scorecard.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** One page that needs nothing beside it: no network, no fonts, and its script only to search and filter. */
export function htmlReport(report: Report, context: RenderContext): string {
  const body = markup`${masthead(report)}
    <main>
      ${problemList(report.errors)}${scorecard(report)}${renderingList(report)}${filterBar(report)}${findingList(report)}${staleList(report)}${gapList(report.skipped)}${passList(report)}${policyList(report)}
    </main>
    <footer>daygate ${context.version}</footer>`;
  const own = report.hasPasses === true ? { style: style + passStyle, script } : { style, script };
  return page(`daygate: ${verdictLine(report)}`, body, own, context);
}

function masthead(report: Report): Markup {
  const { deny, warn, audit, excepted, baselined, errors, fixable } = summarize(report);
  const { policies, baseline } = report;
  const figures = [
    ['deny', deny],
    ['warn', warn],
    ['audit', audit],
    ['excepted', excepted],
    ['baselined', baselined],
    ['errors', errors],
  ] as const;
  const shown = figures.filter(([name, number]) => number > 0 || name === 'deny' || name === 'warn');
  const by = policies.length === 0 ? '' : `, by ${count(policies.length, 'policy', 'policies')}`;
  const compared = baseline === undefined ? '' : ` Compared with ${baseline.file}.`;
  const can = fixable === 0 ? '' : ` daygate fix can mend ${count(fixable, 'finding')}.`;
  return markup`<a class="skip" href="#findings">Skip to the findings</a>
    <header class="${errors > 0 || deny > 0 || failsAsStale(report) ? 'bad' : warn > 0 ? 'fair' : 'good'}">
      <p class="brand">daygate</p>
      <h1>${headline(report)}</h1>
      <p>${coverageLine(report)}${by}.${compared}${can}</p>
      <dl class="figures">
        ${shown.map(
          ([name, number]) =>
            markup`<div class="${number === 0 ? 'zero' : name}">
              <dt>${name}</dt>
              <dd>${number}</dd>
            </div>`,
        )}
      </dl>
    </header>`;
}

function headline(report: Report): string {
  const { deny, warn, baselined, errors } = summarize(report);
  if (errors > 0) return 'Not everything could be checked';
  if (deny > 0) return `${count(deny, 'finding')} in the way of production`;
  if (warn > 0) return `Nothing in the way, ${count(warn, 'warning')}`;
  return baselined > 0 ? 'Nothing new in the way' : 'Ready: nothing in the way';
}
