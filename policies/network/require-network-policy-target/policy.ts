import {
  definePolicy,
  demandedLabels,
  isControlled,
  podMakerKinds,
  selectedWorkloads,
  type LabelSelector,
  type NetworkPolicy,
  type PodDisruptionBudget,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-network-policy-target',
  category: 'network',
  title: 'Require that NetworkPolicies and budgets select pods',
  severity: 'medium',
  target: 'relation',
  kinds: ['NetworkPolicy', 'PodDisruptionBudget'],
  facts: ['Workload'],
  optionalFacts: podMakerKinds,
  profiles: { baseline: 'warn' },
  params: z.strictObject({
    runtimeLabels: z
      .array(z.string().min(1))
      .default([])
      .describe('Labels that an operator writes on pods, besides those of well-known ones'),
  }),
  messages: { selectsNothing: 'Nothing makes pods that {kind} {name} selects.' },
  why: 'A NetworkPolicy that selects nothing closes and opens nothing, and a budget that selects nothing keeps nothing up, while whoever reads them relies on it.',
  remediation:
    'Give the selector labels that the pod template of the workload has, or remove what is left of a workload that is gone.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-networkpolicy-resource',
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
  ],
  validate({ object, kind, namespace, facts, at }, { params, report }) {
    if (isControlled(object)) return;
    const field = kind.kind === 'NetworkPolicy' ? 'podSelector' : 'selector';
    const selector = selectorOf(object, field);
    // For the whole namespace, or for all but some pods: whatever comes is meant.
    if (selector == null || demandedLabels(selector).length === 0) return;
    if (selectedWorkloads(selector, namespace, facts, params.runtimeLabels)?.length !== 0) return;
    report({ message: 'selectsNothing', at: at('spec', field) });
  },
});

function selectorOf(
  { spec }: NetworkPolicy | PodDisruptionBudget,
  field: 'podSelector' | 'selector',
): LabelSelector | null | undefined {
  if (field === 'podSelector') return (spec as NetworkPolicy['spec'])?.podSelector;
  return (spec as PodDisruptionBudget['spec'])?.selector;
}
