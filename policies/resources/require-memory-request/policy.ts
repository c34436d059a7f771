import { compareQuantities, definePolicy, hasResource, isRecord, parseQuantity, quantityOf } from '#sdk';
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
    default: z
      .string()
      .refine((text) => parseQuantity(text) !== undefined, 'expected a quantity such as 128Mi')
      .optional()
      .describe('Request that the fix writes, such as 128Mi'),
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
      const request = parseQuantity(params.default);
      const limit = quantityOf(subject.container.resources, 'limits', 'memory');
      if (params.default === undefined || request === undefined) return;
      // The API server refuses a request above the limit, and which of the two is wrong only people know.
      if (limit !== undefined && compareQuantities(request, limit) > 0) return;
      container.resources ??= {};
      if (!isRecord(container.resources)) return;
      container.resources.requests ??= {};
      if (isRecord(container.resources.requests)) container.resources.requests['memory'] = params.default;
    },
  },
});
