import { grouping } from './grouping.ts';
import { entries, records, text } from './json.ts';
import type { LabelSelector, PodDisruptionBudget } from './kubernetes.ts';
import { matchesLabelSelector, type Labels } from './label-selector.ts';
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
  const budgets = byFirstLabel(facts.list('PodDisruptionBudget', namespace));
  const keys = [anyLabel, ...entries(labels).map(([key, value]) => labelOf(key, value))];
  return keys
    .flatMap((key) => budgets.get(key) ?? [])
    .filter((budget) => matchesLabelSelector(budgetSelector(budget), labels));
}

/** For those that name no label. */
const anyLabel = '';
const byFirstLabel = grouping((budget: PodDisruptionBudget) => {
  const [first] = entries(budgetSelector(budget)?.matchLabels);
  return [first === undefined ? anyLabel : labelOf(...first)];
});

/** Null is the empty text to Kubernetes. */
function labelOf(key: string, value: unknown): string {
  return `${key}=${text(value) ?? ''}`;
}
