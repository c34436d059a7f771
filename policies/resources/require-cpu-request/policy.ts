import { compareQuantities, definePolicy, hasResource, isRecord, parseQuantity, quantityOf } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-cpu-request',
  category: 'resources',
  title: 'Require a CPU request',
  severity: 'medium',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: { baseline: 'warn', production: 'deny' },
  subresources: ['resize'],
  params: z.strictObject({
    default: z
      .string()
      .refine((text) => parseQuantity(text) !== undefined, 'expected a quantity such as 100m')
      .optional()
      .describe('Request that the fix writes, such as 100m'),
  }),
  messages: { missing: '{container} has no CPU request.' },
  why: 'The scheduler places a container by its requests: one without a CPU request is put on any node, however busy, and gets next to nothing there once the others want their share. An autoscaler has nothing to measure against.',
  remediation:
    'Set resources.requests.cpu, for example 100m, to what the container uses on an ordinary day; a CPU limit counts as the request too.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-requests-are-scheduled',
  ],
  validate(subject, { report }) {
    if (hasResource(subject, 'requests', 'cpu')) return;
    report({ message: 'missing', at: subject.at('resources', 'requests', 'cpu') });
  },
  fix: {
    safety: 'optional',
    resolves: ['missing'],
    requires: ['default'],
    apply(container, { params, subject }) {
      const request = parseQuantity(params.default);
      const limit = quantityOf(subject.container.resources, 'limits', 'cpu');
      if (params.default === undefined || request === undefined) return;
      // The API server refuses a request above the limit, and which of the two is wrong only people know.
      if (limit !== undefined && compareQuantities(request, limit) > 0) return;
      container.resources ??= {};
      if (!isRecord(container.resources)) return;
      container.resources.requests ??= {};
      if (isRecord(container.resources.requests)) container.resources.requests['cpu'] = params.default;
    },
  },
});
