import { page } from '../../html/frame.ts';
import { markup, nothing, type Markup } from '../../html/markup.ts';
import { passList } from '../../html/pass-list.ts';
import type { RenderContext } from '../../render-context.ts';
import { asCheck } from '../as-check.ts';
import { hasPasses } from '../audit-words.ts';
import type { AuditReport } from '../audit-report.ts';
import { readinessOf } from '../readiness.ts';
import { anchorsOf } from './anchors.ts';
import { byteLength } from '../byte-length.ts';
import { costList } from './cost-list.ts';
import { coverageList, noticeList, problemList, upgradeList } from './coverage-list.ts';
import { dateList } from './date-list.ts';
import { exceptionList } from './exception-list.ts';
import { filterBar } from './filter-bar.ts';
import { findingList } from './finding-list.ts';
import { patchList } from './patch-list.ts';
import { policyList } from './policy-list.ts';
import { remediesOf } from './remedies.ts';
import { script } from './script.ts';
import { sectionList } from './section-list.ts';
import { style } from './style.ts';
import { teamTree } from './team-tree.ts';
import { trendSection } from './trend.ts';
import { headline, masthead } from './verdict.ts';

/** What a page may take: mail and chat still carry it, and a phone still opens it. */
const mostBytes = 4_900_000;
const mostTreeBytes = 1_100_000;

/**
 * One page that needs nothing beside it: no network, no fonts, and its script only to search and filter.
 *
 * @param report made printable already
 */
export function auditPage(report: AuditReport, context: RenderContext): string {
  const readiness = readinessOf(report);
  const anchorOf = anchorsOf(readiness);
  const remedies = remediesOf(report.findings);
  const before = [
    sectionList(report, readiness),
    teamTree(readiness, anchorOf, mostTreeBytes),
    trendSection(report),
    dateList(report),
    exceptionList(report),
    costList(report, anchorOf),
    upgradeList(report),
    patchList(report),
    coverageList(report),
    hasPasses(report) ? passList(asCheck(report)) : nothing,
  ];
  const found = [filterBar(report), policyList(report, remedies)] as const;
  const top = markup`${masthead(report, readiness)}${noticeList(report)}${problemList(report)}`;
  const size = [top, ...before, ...found].reduce((sum, part) => sum + byteLength(part.markup), 0);
  const left = mostBytes - size - style.length - script.length - 5_000;
  const [filter, policies] = found;
  const findings = markup`<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>${filter}${findingList(report, readiness, anchorOf, remedies, left)}</section>`;
  const body = markup`${top}${contents([...before, findings, policies])}
    <main>${before}${findings}${policies}</main>
    <footer>daygate ${context.version}, settings ${report.settings}</footer>`;
  return page(`${report.cluster}: ${headline(report, readiness)}`, body, { style, script }, context);
}

/** Links to the sections that are there, by their headings. */
function contents(parts: readonly Markup[]): Markup {
  const links = parts.flatMap(({ markup: text }) => {
    const [, id, title] = /<h2 id="([a-z]+)">([^<]*)<\/h2>/.exec(text) ?? [];
    // The title is markup already: it was escaped where it was made.
    return id === undefined || title === undefined
      ? []
      : [markup`<a href="#${id}">${{ markup: title }}</a> `];
  });
  return links.length < 2 ? nothing : markup`<nav class="contents" aria-label="On this page">${links}</nav>`;
}
