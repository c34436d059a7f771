import { definePolicy, fillResource, hasResource, quantityText } from '#sdk';
import { z } from 'zod';

/** In no profile: whether CPU limits help is disputed, so each organisation decides (see forbid-cpu-limit). */
export default definePolicy({
  id: 'require-cpu-limit',
  category: 'resources',
  title: 'Require a CPU limit',
  severity: 'low',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: {},
  subresources: ['resize'],
  params: z.strictObject({
    default: quantityText.optional().describe('Limit that the fix writes, such as 500m'),
  }),
  messages: { missing: '{container} has no CPU limit.' },
  why: 'Without a CPU limit a container runs faster on an idle node than on a busy one: its speed depends on its neighbours, and a busy loop costs what the node has.',
  remediation: 'Set resources.limits.cpu, for example 500m, to the most the container may use.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
  ],
  validate(subject, { report }) {
    if (hasResource(subject, 'limits', 'cpu')) return;
    report({ message: 'missing', at: subject.at('resources', 'limits', 'cpu') });
  },
  fix: {
    safety: 'optional',
    resolves: ['missing'],
    requires: ['default'],
    apply(container, { params, subject }) {
      fillResource(container, subject, 'limits', 'cpu', params.default);
    },
  },
});
