import { markup, nothing, type Markup } from '../../html/markup.ts';
import { summarizeAudit, type AuditReport } from '../audit-report.ts';
import { isReady, type Readiness } from '../readiness.ts';
import { openFindings } from '../scores.ts';
import { earlierPoint } from '../trend-by-day.ts';
import { isNothingJudged, isPartial } from '../unjudged.ts';
import { bar } from './bar.ts';
import { change, counted, number } from './numbers.ts';

/** What came of the audit, in a sentence and some figures. */
export function masthead(report: AuditReport, readiness: readonly Readiness[]): Markup {
  const { cluster, date, server, kubernetes, policies, coverage } = report;
  const { fixable } = summarizeAudit(report);
  const can = fixable === 0 ? '' : ` daygate fix can mend ${counted(fixable, 'finding')}.`;
  const namespaces = report.namespaces.filter(({ exempt }) => exempt !== true).length;
  const clusters = clustersOf(report);
  const of = clusters > 1 ? ` of ${counted(clusters, 'cluster')}` : '';
  const version = server === '' ? '' : `, on ${server}`;
  return markup`<a class="skip" href="#findings">Skip to the findings</a>
    <header class="${rankOf(report)}">
      <p class="brand">daygate audit <span>${cluster}</span> <time datetime="${date}">${date}</time></p>
      <h1>${headline(report, readiness)}</h1>
      <p>
        ${number(coverage.judged)} of ${number(coverage.listed)} objects in ${counted(namespaces, 'namespace')}${of}
        were judged by ${counted(policies.length, 'policy', 'policies')}, for Kubernetes ${kubernetes}${version}.${can}
      </p>
      ${workloadBar(readiness)} ${figures(report)}
    </header>`;
}

function rankOf(report: AuditReport): 'bad' | 'fair' | 'good' {
  const { deny, warn } = summarizeAudit(report);
  if (isPartial(report) || deny > 0) return 'bad';
  return warn > 0 || isNothingJudged(report) ? 'fair' : 'good';
}

/** `12 of 40 workloads are ready`: what a reader takes along who reads nothing else. */
export function headline(report: AuditReport, readiness: readonly Readiness[]): string {
  const workloads = readiness.filter(({ object }) => object.workload !== undefined);
  const ready = workloads.filter(isReady).length;
  const { deny, warn, audit } = summarizeAudit(report);
  if (isNothingJudged(report)) return 'Nothing was judged';
  if (isPartial(report)) return 'Not everything could be judged';
  if (ready < workloads.length) {
    return `${number(ready)} of ${counted(workloads.length, 'workload')} ${ready === 1 ? 'is' : 'are'} ready for production`;
  }
  const rest = deny + warn + audit;
  const others = rest === 0 ? '' : `, with ${counted(rest, 'finding')} on other objects`;
  if (workloads.length === 0) return rest === 0 ? 'Nothing in the way' : counted(rest, 'finding');
  return `All ${counted(workloads.length, 'workload')} ready for production${others}`;
}

function clustersOf({ namespaces, objects }: AuditReport): number {
  return new Set([...namespaces, ...objects].flatMap(({ cluster }) => cluster ?? [])).size;
}

function workloadBar(readiness: readonly Readiness[]): Markup {
  const workloads = readiness.filter(({ object }) => object.workload !== undefined);
  if (workloads.length === 0) return nothing;
  const ready = workloads.filter(isReady).length;
  const has = (action: string) => (one: Readiness) =>
    openFindings(one).some((found) => found.action === action);
  const denied = workloads.filter(has('deny')).length;
  const unseen = workloads.filter((one) => !isReady(one) && openFindings(one).length === 0).length;
  const warned = workloads.length - ready - denied - unseen;
  const parts = [
    ['good', ready, 'ready'],
    ['fair', warned, 'with warnings or notes'],
    ['bad', denied, 'in the way of production'],
    ['mute', unseen, 'not visible from here'],
  ] as const;
  const told = parts.filter(([kind, size]) => size > 0 || kind === 'good');
  return markup`<div class="whole">
    ${bar(
      parts.map(([kind, size]) => [kind, size]),
      workloads.length,
    )}
    <ul class="key" aria-label="Workloads">
      ${told.map(([kind, size, words]) => markup`<li class="${kind}"><b>${number(size)}</b> ${words}</li> `)}
    </ul>
  </div>`;
}

function figures(report: AuditReport): Markup {
  const { deny, warn, audit, excepted, errors } = summarizeAudit(report);
  const before = earlierPoint(report);
  const all = [
    ['deny', 'deny', deny, before?.deny],
    ['warn', 'warn', warn, before?.warn],
    ['audit', 'audit', audit, undefined],
    ['excepted', 'under exceptions', excepted, undefined],
    ['errors', 'errors', errors, undefined],
  ] as const;
  const shown = all.filter(([name, , value]) => value > 0 || name === 'deny' || name === 'warn');
  return markup`<dl class="figures">
    ${shown.map(
      ([name, words, value, earlier]) =>
        markup`<div class="${value === 0 ? 'zero' : name}">
          <dt>${words}${since(before?.date, value, earlier)}</dt>
          <dd>${number(value)}</dd>
        </div>`,
    )}
  </dl>`;
}

function since(date: string | undefined, value: number, earlier: number | undefined): Markup {
  if (date === undefined || earlier === undefined) return nothing;
  const difference = value - earlier;
  const kind = difference < 0 ? 'less' : difference > 0 ? 'more' : 'same';
  return markup` <span class="${kind}">${change(difference)} since ${date}</span>`;
}
