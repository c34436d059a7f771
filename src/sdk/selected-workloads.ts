import { grouping } from './grouping.ts';
import { entries } from './json.ts';
import type { LabelSelector } from './kubernetes.ts';
import { matchesLabelSelector } from './label-selector.ts';
import type { Facts, WorkloadFact } from './subjects.ts';

/**
 * What makes pods in a namespace that a label selector selects, by the labels of the pods. Labels that a pod gets
 * only when it is made (the hash of its template, its ordinal, its role) are not known. Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 *
 * @example
 * workloadsSelectedBy({ matchLabels: { app: 'web' } }, facts, 'shop'); // the Deployment web, its CronJob …
 */
export function workloadsSelectedBy(
  selector: LabelSelector | null | undefined,
  facts: Facts,
  namespace: string | undefined,
): readonly WorkloadFact[] {
  const candidates = fewest(selector, facts.workloads(namespace));
  return candidates.filter(({ podMetadata }) => matchesLabelSelector(selector, podMetadata.labels));
}

const byLabel = grouping(({ podMetadata }: WorkloadFact) =>
  entries(podMetadata.labels).map(([key, value]) => labelOf(key, value)),
);

/** Those with the rarest of the labels: matching every selector against everything would be quadratic. */
function fewest(
  selector: LabelSelector | null | undefined,
  workloads: readonly WorkloadFact[],
): readonly WorkloadFact[] {
  let found = workloads;
  for (const [key, value] of entries(selector?.matchLabels)) {
    const labelled = byLabel(workloads).get(labelOf(key, value)) ?? [];
    if (labelled.length < found.length) found = labelled;
  }
  return found;
}

function labelOf(key: string, value: unknown): string {
  // Null is the empty text to Kubernetes.
  return `${key}=${typeof value === 'string' ? value : ''}`;
}
