import { entries, records } from './json.ts';
import type { LabelSelector, PodDisruptionBudget } from './kubernetes.ts';
import type { Labels } from './label-selector.ts';
import { rememberOf } from './remember.ts';
import { indexSelectors } from './selector-index.ts';
import type { Facts } from './subjects.ts';

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

/**
 * The PodDisruptionBudgets of a namespace that select pods with these labels. Never throws.
 *
 * @example budgetsOf(pod.podMetadata.labels, facts, namespace).length > 1
 */
export function budgetsOf(
  labels: Labels,
  facts: Facts,
  namespace: string | undefined,
): readonly PodDisruptionBudget[] {
  return [...selecting(facts.list('PodDisruptionBudget', namespace))(labels)];
}

const selecting = rememberOf((budgets: readonly PodDisruptionBudget[]) =>
  indexSelectors(budgets.map((budget) => [budgetSelector(budget), budget] as const)),
);
