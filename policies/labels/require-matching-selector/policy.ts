import {
  definePolicy,
  entries,
  list,
  matchesLabelSelector,
  matchesMapSelector,
  property,
  selectorProblem,
  type Labels,
  type LabelSelector,
} from '#sdk';
import { z } from 'zod';

/** API versions in which the API server copies the template's labels into a missing selector. */
const defaulting: ReadonlySet<unknown> = new Set(['extensions/v1beta1', 'apps/v1beta1']);

const generated: ReadonlySet<string> = new Set([
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
]);

export default definePolicy({
  id: 'require-matching-selector',
  category: 'labels',
  title: 'Require selectors that match their own pods',
  severity: 'high',
  target: 'object',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'ReplicationController'],
  profiles: { baseline: 'deny' },
  params: z.strictObject({}),
  messages: {
    missing: 'The {kind} has no selector.',
    outside: 'The selector has the label {label} beside matchLabels, where Kubernetes does not look for it.',
    empty: 'The selector is empty and would claim every pod of the namespace.',
    invalid: 'The selector is invalid: {field} {rule}.',
    label: 'The pod template does not have the label {label} with the value that the selector asks for.',
    expression: 'The pod template does not meet what the selector asks of the label {label}.',
  },
  why: 'A workload finds its pods by its selector: the API server refuses one that does not match the labels of its own pod template, and it cannot be changed later.',
  remediation: {
    missing: 'Set spec.selector.matchLabels to labels of the pod template that no other workload has.',
    outside: 'Write {label} below spec.selector.matchLabels.',
    empty: 'Set spec.selector.matchLabels to labels of the pod template that no other workload has.',
    invalid:
      'Write the selector as Kubernetes reads it; matchLabels with labels of the pod template is enough.',
    label: 'Give the pod template the label {label} with the value in the selector.',
    expression: 'Give the pod template a label {label} that meets the expression, or correct the expression.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector',
    'https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector',
  ],
  validate({ object, kind: { kind }, at }, { report }) {
    const selector = object.spec?.selector;
    const labels = object.spec?.template?.metadata?.labels;
    if (isMadeByServer(kind, object, labels)) return;
    if (selector == null) {
      report({ message: 'missing', at: at('spec', 'selector') });
      return;
    }
    if (kind === 'ReplicationController') {
      if (entries(selector).length === 0) report({ message: 'empty', at: at('spec', 'selector') });
      else reportLabels(selector as Labels);
      return;
    }
    const { matchLabels, matchExpressions } = selector as LabelSelector;
    const isEmpty = entries(matchLabels).length + list(matchExpressions).length === 0;
    if (!isEmpty && matchesLabelSelector(selector, labels)) return;
    const problem = selectorProblem(selector);
    if (problem !== undefined) {
      const field = problem.at.join('.') || 'it';
      const place = at('spec', 'selector', ...problem.at);
      report({ message: 'invalid', at: place, data: { field, rule: problem.problem } });
      return;
    }
    if (isEmpty) {
      const label = entries(selector).find(([key]) => key !== 'matchLabels' && key !== 'matchExpressions');
      if (label === undefined) report({ message: 'empty', at: at('spec', 'selector') });
      else report({ message: 'outside', at: at('spec', 'selector', label[0]), data: { label: label[0] } });
      return;
    }
    reportLabels(matchLabels);
    for (const [index, expression] of list(matchExpressions).entries()) {
      if (matchesLabelSelector({ matchExpressions: [expression] }, labels)) continue;
      const place = at('spec', 'selector', 'matchExpressions', index);
      report({ message: 'expression', at: place, data: { label: expression.key ?? '' } });
    }

    function reportLabels(wanted: Labels): void {
      for (const [label, value] of entries(wanted)) {
        if (matchesMapSelector({ [label]: value }, labels)) continue;
        report({
          message: 'label',
          at: at('spec', 'template', 'metadata', 'labels', label),
          data: { label },
        });
      }
    }
  },
});

/**
 * Whether a Job's selector asks for more than the labels that the API server writes into selector and template. Source:
 * generateSelector in kubernetes/pkg/registry/batch/job/strategy.go.
 */
function hasOwnLabels(selector: unknown): boolean {
  return (
    entries(property(selector, 'matchLabels')).some(([key]) => !generated.has(key)) ||
    list(property(selector, 'matchExpressions') as readonly unknown[] | undefined).length > 0
  );
}

/** Whether the API server fills in the selector: what it writes matches. */
function isMadeByServer(
  kind: string,
  { apiVersion, spec }: { readonly apiVersion?: string | null; readonly spec?: unknown },
  labels: Labels,
): boolean {
  if (kind === 'Job')
    return property(spec, 'manualSelector') !== true && !hasOwnLabels(property(spec, 'selector'));
  if (kind === 'ReplicationController') {
    return entries(property(spec, 'selector')).length === 0 && entries(labels).length > 0;
  }
  return defaulting.has(apiVersion) && property(spec, 'selector') == null;
}
