import { labelIndex, labelSelectorOf, rememberOf, type Service, type WorkloadFact } from '#sdk';

/** What a Service selects, by the labels of pod templates alone, with the place of each in the list. */
export type Selection = readonly (readonly [number, WorkloadFact])[];

/** Finds what Services select among the workloads; for one selector it is the same list each time. */
export const selecting = rememberOf((workloads: readonly WorkloadFact[]) => {
  const index = labelIndex([...workloads.entries()], ([, { podMetadata }]) => podMetadata.labels);
  return ({ spec }: Service): Selection => index.matching(labelSelectorOf(spec?.selector));
});
