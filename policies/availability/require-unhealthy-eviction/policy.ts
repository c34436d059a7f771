import { definePolicy, isRecord } from '#sdk';
import { z } from 'zod';

/** On by default since 1.27; before, the API server drops the field. */
const firstMinor = 27;

export default definePolicy({
  id: 'require-unhealthy-eviction',
  category: 'availability',
  title: 'Require that unhealthy pods may be evicted',
  severity: 'low',
  target: 'object',
  kinds: ['PodDisruptionBudget'],
  profiles: { restricted: 'warn' },
  params: z.strictObject({}),
  messages: {
    missing:
      'PodDisruptionBudget {name} keeps pods that are not ready from being evicted while its budget is spent.',
    ifHealthyBudget:
      'PodDisruptionBudget {name} keeps pods that are not ready from being evicted while its budget is spent (IfHealthyBudget).',
  },
  why: 'Pods that crash or never become ready count against the budget, and the budget then protects them: a drain waits for them for ever, and with it the upgrade of the node.',
  remediation: {
    missing: 'Set spec.unhealthyPodEvictionPolicy: AlwaysAllow.',
    ifHealthyBudget:
      'Set spec.unhealthyPodEvictionPolicy: AlwaysAllow, unless a pod that is not ready holds data the others need.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy',
  ],
  validate({ object, kubernetesMinor, at }, { report }) {
    if (kubernetesMinor < firstMinor || !isRecord(object.spec)) return;
    const policy = object.spec.unhealthyPodEvictionPolicy;
    if (policy == null) report({ message: 'missing', at: at('spec', 'unhealthyPodEvictionPolicy') });
    else if (policy === 'IfHealthyBudget') {
      report({ message: 'ifHealthyBudget', at: at('spec', 'unhealthyPodEvictionPolicy') });
    }
  },
  fix: {
    safety: 'safe',
    // Who wrote IfHealthyBudget may have meant it: for a quorum the pods that are not ready still hold data.
    resolves: ['missing'],
    apply(object) {
      if (isRecord(object.spec)) object.spec.unhealthyPodEvictionPolicy ??= 'AlwaysAllow';
    },
  },
});
