import { budgetSelector, definePolicy, isRecord, percentageOf, property } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-idle-pdb',
  category: 'availability',
  title: 'Forbid a PodDisruptionBudget that protects nothing',
  severity: 'medium',
  target: 'object',
  kinds: ['PodDisruptionBudget'],
  profiles: { baseline: 'warn', production: 'warn' },
  params: z.strictObject({}),
  messages: {
    minAvailable:
      'PodDisruptionBudget {name} has minAvailable {value}, so that all pods may be evicted at once.',
    maxUnavailable:
      'PodDisruptionBudget {name} has maxUnavailable {value}, so that all pods may be evicted at once.',
    unset: 'PodDisruptionBudget {name} sets neither minAvailable nor maxUnavailable.',
    selectsNothing: 'PodDisruptionBudget {name} selects no pods.',
  },
  why: 'Such a budget looks like protection to whoever reads it, and a drain still takes down all replicas together.',
  remediation: {
    minAvailable: 'Replace spec.minAvailable by spec.maxUnavailable: 1, or remove the budget.',
    maxUnavailable: 'Set spec.maxUnavailable: 1, or remove the budget.',
    unset: 'Set spec.maxUnavailable: 1.',
    selectsNothing: 'Give spec.selector the labels of the pods, as matchLabels.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/',
  ],
  validate({ object, at }, { report }) {
    if (object.spec != null && !isRecord(object.spec)) return;
    if (budgetSelector(object) === undefined)
      report({ message: 'selectsNothing', at: at('spec', 'selector') });
    const minAvailable = property(object.spec, 'minAvailable') ?? undefined;
    const maxUnavailable = property(object.spec, 'maxUnavailable') ?? undefined;
    if (maxUnavailable !== undefined) {
      const value = percentageOf(maxUnavailable) ?? 0;
      if (value < 100) return;
      const data = { value: `${value}%` };
      report({ message: 'maxUnavailable', at: at('spec', 'maxUnavailable'), data });
    } else if (minAvailable === undefined) {
      report({ message: 'unset', at: at('spec', 'maxUnavailable') });
    } else if (minAvailable === 0 || percentageOf(minAvailable) === 0) {
      const data = { value: minAvailable === 0 ? 0 : '0%' };
      report({ message: 'minAvailable', at: at('spec', 'minAvailable'), data });
    }
  },
});
