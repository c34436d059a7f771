import { compareQuantities, definePolicy, hasResource, isRecord, parseQuantity, property } from '#sdk';
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
    default: z
      .string()
      .refine((text) => parseQuantity(text) !== undefined, 'expected a quantity such as 256Mi')
      .optional()
      .describe('Limit that the fix writes, such as 256Mi'),
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
      const limit = parseQuantity(params.default);
      const request = parseQuantity(property(property(subject.container.resources, 'requests'), 'memory'));
      const ofPod = property(property(subject.pod.podSpec.resources, 'requests'), 'memory');
      if (params.default === undefined || limit === undefined) return;
      // The API server refuses a limit below the request, and which of the two is wrong only people know.
      if (request !== undefined && compareQuantities(request, limit) > 0) return;
      // A limit becomes the container's request, and those of all containers must not exceed the one of the pod.
      if (request === undefined && ofPod !== undefined) return;
      container.resources ??= {};
      if (!isRecord(container.resources)) return;
      container.resources.limits ??= {};
      if (isRecord(container.resources.limits)) container.resources.limits['memory'] = params.default;
    },
  },
});
