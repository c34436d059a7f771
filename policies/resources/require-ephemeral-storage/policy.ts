import { definePolicy, fillResource, hasResource, quantityOf, quantityText } from '#sdk';
import { z } from 'zod';

const storage = 'ephemeral-storage';

export default definePolicy({
  id: 'require-ephemeral-storage',
  category: 'resources',
  title: 'Require a request and a limit for ephemeral storage',
  severity: 'low',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: { restricted: 'warn' },
  params: z.strictObject({
    default: quantityText.optional().describe('Request and limit that the fix writes, such as 1Gi'),
  }),
  messages: {
    missing: '{container} has neither a request nor a limit for ephemeral storage.',
    limit: '{container} has no limit for ephemeral storage.',
  },
  why: 'Logs, the writable layer and emptyDir volumes share the disk of the node: who fills it gets every pod there evicted, and the scheduler cannot keep room for what nobody asked for.',
  remediation: {
    missing: 'Set resources.requests and resources.limits for ephemeral-storage, for example 1Gi.',
    limit:
      'Set resources.limits for ephemeral-storage to the most that logs, the writable layer and emptyDir volumes may take.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/storage/ephemeral-storage/#setting-requests-and-limits-for-local-ephemeral-storage',
  ],
  validate(subject, { report }) {
    if (hasResource(subject, 'limits', storage)) return;
    const at = subject.at('resources', 'limits', storage);
    report({ message: hasResource(subject, 'requests', storage) ? 'limit' : 'missing', at });
  },
  fix: {
    safety: 'optional',
    resolves: ['missing', 'limit'],
    requires: ['default'],
    apply(container, { params, subject }) {
      const hasRequest = quantityOf(subject.container.resources, 'requests', storage) !== undefined;
      if (!hasRequest) fillResource(container, subject, 'requests', storage, params.default);
      fillResource(container, subject, 'limits', storage, params.default);
    },
  },
});
