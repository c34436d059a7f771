import { entries, records } from './json.ts';
import type { LabelSelector, PodDisruptionBudget } from './kubernetes.ts';

/**
 * The selector of a PodDisruptionBudget, undefined where it selects nothing: there is none, or it is an empty one of
 * policy/v1beta1 (served until 1.25). In policy/v1 an empty selector selects every pod of the namespace. Never throws.
 *
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/
 *
 * @example matchesLabelSelector(budgetSelector(budget), pod.podMetadata.labels)
 */
export function budgetSelector({ apiVersion, spec }: PodDisruptionBudget): LabelSelector | undefined {
  const selector = spec?.selector ?? undefined;
  if (apiVersion !== 'policy/v1beta1' || entries(selector?.matchLabels).length > 0) return selector;
  return records(selector?.matchExpressions).length > 0 ? selector : undefined;
}
