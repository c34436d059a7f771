import type { LabelSelector } from './kubernetes.ts';
import { labelIndex } from './label-index.ts';
import { rememberOf } from './remember.ts';
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
  return indexed(facts.workloads(namespace)).matching(selector);
}

const indexed = rememberOf((workloads: readonly WorkloadFact[]) =>
  labelIndex(workloads, ({ podMetadata }) => podMetadata.labels),
);
