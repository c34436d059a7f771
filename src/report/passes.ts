import type { Report, ReportPolicy } from './report.ts';

/** How many objects a policy passes, found something on, and could not judge: each is in one of the three. */
export interface PolicyAnswers {
  readonly policy: Pick<ReportPolicy, 'id' | 'title' | 'controls'>;
  readonly passes: number;
  /** Also where an exception or the baseline holds the findings back. */
  readonly findings: number;
  readonly notJudged: number;
}

/** The heads of a table of it. */
export const answerHeads = ['Pass', 'Finding', 'Not judged'] as const;

/** The policies that were asked about any object, in the report's order; none where passes were not asked for. */
export function answersByPolicy({ hasPasses, judged, findings, policies }: Report): readonly PolicyAnswers[] {
  if (hasPasses !== true) return [];
  const passes = times(judged.flatMap((one) => one.passes ?? []));
  const notJudged = times(judged.flatMap((one) => one.notJudged ?? []));
  const found = Map.groupBy(findings, ({ policy }) => policy);
  return policies
    .map((policy) => ({
      policy,
      passes: passes.get(policy.id) ?? 0,
      findings: new Set(
        found
          .get(policy.id)
          ?.map(({ file, render, document, item, object, inCluster }) =>
            JSON.stringify([file, render, document, item, object, inCluster]),
          ),
      ).size,
      notJudged: notJudged.get(policy.id) ?? 0,
    }))
    .filter((row) => row.passes + row.findings + row.notJudged > 0);
}

function times(ids: readonly string[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const id of ids) numbers.set(id, (numbers.get(id) ?? 0) + 1);
  return numbers;
}
