import type { Paint } from './paint.ts';
import type { BaselineReport, Report, StaleEntry } from './report.ts';
import { count, objectTitle } from './words.ts';

const mostShown = 20;

/** What the baseline lists and no longer occurs: whoever mended it can take it out. */
export function staleLines(report: Report, paint: Pick<Paint, 'bold' | 'dim'>): readonly string[] {
  const { baseline } = report;
  if (baseline === undefined || baseline.stale.length === 0) return [];
  const { stale } = baseline;
  const lines = stale
    .slice(0, mostShown)
    .map((entry) => `  ${staleEntry(entry)}${paint.dim(` (${stalePlace(entry)})`)}`);
  const rest = stale.length > mostShown ? [`  … and ${stale.length - mostShown} more`] : [];
  return [`${paint.bold(staleTitle(baseline))}: ${staleMend(baseline)}`, ...lines, ...rest, ''];
}

/** `Listed in daygate-baseline.yaml and no longer found` */
export function staleTitle({ file, failsOnStale }: Pick<BaselineReport, 'file' | 'failsOnStale'>): string {
  return `Listed in ${file} and no longer found${failsOnStale === true ? ', which fails the run' : ''}`;
}

/** Whether the run fails for what the baseline lists and no longer occurs. */
export function failsAsStale({ baseline }: Report): boolean {
  return baseline?.failsOnStale === true && baseline.stale.length > 0;
}

export function staleMend({ file }: { readonly file: string }): string {
  return `--write-baseline ${file} in place of --baseline takes them out, and lists what is new`;
}

/** `require-replicas at spec.replicas of Deployment shop/web` */
export function staleEntry({ policy, locator, object }: StaleEntry): string {
  return `${policy} at ${locator} of ${objectTitle(object)}`;
}

/** `deploy/web.yaml, 2 times` */
export function stalePlace({ file, count: times }: StaleEntry): string {
  return times === 1 ? file : `${file}, ${count(times, 'time')}`;
}

/** In one line, for formats that have no more room; empty where there is nothing stale. */
export function staleSummary({ baseline }: Report): string {
  if (baseline === undefined || baseline.stale.length === 0) return '';
  const number = baseline.stale.reduce((sum, entry) => sum + entry.count, 0);
  return `${staleTitle(baseline)}: ${count(number, 'finding')}. ${staleMend(baseline)}.`;
}
