import { definePolicy, fillResource, hasResource, quantityText } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-memory-request',
  category: 'resources',
  title: 'Require a memory request',
  severity: 'medium',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: { baseline: 'warn', production: 'deny' },
  subresources: ['resize'],
  params: z.strictObject({
    default: quantityText.optional().describe('Request that the fix writes, such as 128Mi'),
  }),
  messages: { missing: '{container} has no memory request.' },
  why: 'The scheduler places a container by its requests: one without a memory request is put on any node, however full, and is among the first to be evicted when the node runs short.',
  remediation:
    'Set resources.requests.memory, for example 128Mi, to what the container uses on an ordinary day; a memory limit counts as the request too.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-requests-are-scheduled',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
  ],
  validate(subject, { report }) {
    if (hasResource(subject, 'requests', 'memory')) return;
    report({ message: 'missing', at: subject.at('resources', 'requests', 'memory') });
  },
  fix: {
    safety: 'optional',
    resolves: ['missing'],
    requires: ['default'],
    apply(container, { params, subject }) {
      fillResource(container, subject, 'requests', 'memory', params.default);
    },
  },
});
