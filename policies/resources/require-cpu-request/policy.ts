import { definePolicy, fillResource, hasResource, quantityText } from '#sdk';
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
    default: quantityText.optional().describe('Request that the fix writes, such as 100m'),
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
      fillResource(container, subject, 'requests', 'cpu', params.default);
    },
  },
});
