import type { PolicyReportDetail } from '../../engine/settings.ts';
import { count } from '../words.ts';
import {
  ownResult,
  type Outcome,
  type PolicyReport,
  type PolicyReportResult,
} from './policy-report-object.ts';

/** A result, and how much of it the settings want in PolicyReports. */
export interface WantedResult {
  readonly result: PolicyReportResult;
  readonly detail: PolicyReportDetail;
}

/** What of the results is shown, and what all of them come to. */
export interface ShownResults {
  readonly results: readonly PolicyReportResult[];
  /** Those included that are only summed up. */
  readonly summary: PolicyReport['summary'];
  /** How many are not shown at all. */
  readonly notReported: number;
}

export const inFull = (result: PolicyReportResult): WantedResult => ({ result, detail: 'full' });

const otherFormats = 'The other formats have them all.';

/** Results as the settings want them: of a policy with `summary` one for each outcome, of one with `none` no result. */
export function shownResults(wanted: readonly WantedResult[]): ShownResults {
  const withDetail = (detail: PolicyReportDetail): readonly PolicyReportResult[] =>
    wanted.filter((one) => one.detail === detail).map(({ result }) => result);
  const [full, summed] = [withDetail('full'), withDetail('summary')];
  return {
    results: [
      ...full,
      ...[...Map.groupBy(summed, ({ policy, result }) => `${policy} ${result}`).values()].flatMap(sumUp),
    ],
    summary: tally([...full, ...summed]),
    notReported: wanted.length - full.length - summed.length,
  };
}

function sumUp(results: readonly PolicyReportResult[]): readonly PolicyReportResult[] {
  const [first] = results;
  if (first === undefined) return [];
  const { policy, category, severity, scored, timestamp } = first;
  const objects = new Set(results.map((one) => JSON.stringify(one.resources))).size;
  const where = `on ${count(objects, 'object')}`;
  const message = `${count(results.length, 'finding')} ${where}, as policyReport is summary in the settings. ${otherFormats}`;
  return [
    {
      ...ownResult(first.result, 'summary', message),
      policy,
      scored,
      ...(category === undefined ? {} : { category }),
      ...(severity === undefined ? {} : { severity }),
      ...(timestamp === undefined ? {} : { timestamp }),
    },
  ];
}

/** Says of each policy with `none` how many findings are in no PolicyReport. */
export function notReportedResults(wanted: readonly WantedResult[]): readonly PolicyReportResult[] {
  const hidden = wanted.filter(({ detail }) => detail === 'none');
  return [...Map.groupBy(hidden, ({ result }) => result.policy)].map(([policy, results]) =>
    ownResult(
      'skip',
      'not-reported',
      `${count(results.length, 'finding')} of ${policy} left out of PolicyReports, as policyReport is none in the settings. ${otherFormats}`,
    ),
  );
}

function tally(results: readonly PolicyReportResult[]): PolicyReport['summary'] {
  const summary: Record<Outcome, number> = { pass: 0, fail: 0, warn: 0, error: 0, skip: 0 };
  for (const { result } of results) summary[result] += 1;
  return summary;
}
