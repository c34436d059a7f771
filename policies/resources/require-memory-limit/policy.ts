import { definePolicy, fillResource, hasResource, quantityText } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-memory-limit',
  category: 'resources',
  title: 'Require a memory limit',
  severity: 'high',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: { baseline: 'warn', production: 'deny' },
  subresources: ['resize'],
  params: z.strictObject({
    default: quantityText.optional().describe('Limit that the fix writes, such as 256Mi'),
  }),
  messages: { missing: '{container} has no memory limit.' },
  why: 'A container without a memory limit may take all the memory of its node: one leak then evicts or kills its neighbours.',
  remediation: 'Set resources.limits.memory, for example 256Mi, to what the container needs under load.',
  references: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  validate(subject, { report }) {
    if (hasResource(subject, 'limits', 'memory')) return;
    report({ message: 'missing', at: subject.at('resources', 'limits', 'memory') });
  },
  fix: {
    safety: 'optional',
    resolves: ['missing'],
    requires: ['default'],
    apply(container, { params, subject }) {
      fillResource(container, subject, 'limits', 'memory', params.default);
    },
  },
});
