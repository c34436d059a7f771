import { entries, labelIndex, labelSelectorOf, rememberOf, type Service, type WorkloadFact } from '#sdk';

/** What a Service selects, by the labels of pod templates alone, with the place of each in the list. */
export type Selection = readonly (readonly [number, WorkloadFact])[];

/** Selectors kept with what they select; many Services have the same one. */
const mostKept = 1_000;

/** Finds what Services select among the workloads; for one selector it is the same list each time. */
export const selecting = rememberOf((workloads: readonly WorkloadFact[]) => {
  const index = labelIndex([...workloads.entries()], ([, { podMetadata }]) => podMetadata.labels);
  const kept = new Map<string, Selection>();
  return ({ spec }: Service): Selection => {
    const key = selectorText(spec?.selector);
    const found =
      kept.get(key) ?? index.matching(labelSelectorOf(spec?.selector)).toSorted(([a], [b]) => a - b);
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, found);
    return found;
  };
});

/** The same for the same labels in any order. */
export function selectorText(selector: unknown): string {
  return JSON.stringify(sortedEntries(selector));
}

export function sortedEntries(map: unknown): readonly (readonly [string, unknown])[] {
  return entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
