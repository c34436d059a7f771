import {
  definePolicy,
  formatQuantity,
  isRecord,
  isZero,
  limitRangeDefault,
  parseQuantity,
  podQuantity,
  property,
  speaksForPod,
} from '#sdk';
import { z } from 'zod';

/** In no profile: whether CPU limits help is disputed, so each organisation decides (see require-cpu-limit). */
export default definePolicy({
  id: 'forbid-cpu-limit',
  category: 'resources',
  title: 'Forbid CPU limits',
  severity: 'low',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: {},
  conflictsWith: ['require-cpu-limit'],
  subresources: ['resize'],
  params: z.strictObject({}),
  messages: {
    limited: '{container} has a CPU limit.',
    defaulted: '{container} gets a CPU limit of {limit} from LimitRange {limitRange}.',
    podLimited: 'The pod as a whole has a CPU limit.',
  },
  why: 'A container at its CPU limit is stopped for the rest of each tenth of a second, also while the node is idle: that costs latency and saves nothing, since requests already share out what is scarce.',
  remediation: {
    limited: 'Remove resources.limits.cpu, and set resources.requests.cpu to what the container needs.',
    defaulted: 'Remove default.cpu and max.cpu from LimitRange {limitRange} of the namespace.',
    podLimited: 'Remove limits.cpu from resources of the pod, and set requests.cpu there.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
  ],
  validate(subject, { report }) {
    const { container, pod, at } = subject;
    const own = property(container.resources?.limits, 'cpu');
    const place = at('resources', 'limits', 'cpu');
    if (isLimit(own)) report({ message: 'limited', at: place });
    const given = own === undefined ? limitRangeDefault(subject, 'limits', 'cpu') : undefined;
    const limit = parseQuantity(given?.amount);
    if (given !== undefined && limit !== undefined && !isZero(limit)) {
      const data = { limit: formatQuantity(limit), limitRange: given.limitRange };
      report({ message: 'defaulted', at: place, data });
    }
    const ofPod = podQuantity(pod, 'limits', 'cpu');
    if (ofPod !== undefined && !isZero(ofPod) && speaksForPod(subject, 'own')) {
      report({ message: 'podLimited', at: pod.at('resources', 'limits', 'cpu') });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['limited'],
    apply(container) {
      const { resources } = container;
      if (!isRecord(resources) || !isRecord(resources.limits)) return;
      const limit = resources.limits['cpu'];
      if (limit === undefined || !isLimit(limit)) return;
      // Without a request of its own the container had the limit as its request, and keeps it.
      resources.requests ??= {};
      if (isRecord(resources.requests) && resources.requests['cpu'] === undefined)
        resources.requests['cpu'] = limit;
      delete resources.limits['cpu'];
    },
  },
});

/** A limit of zero limits nothing. */
function isLimit(value: unknown): boolean {
  if (value == null) return false;
  const quantity = parseQuantity(value);
  return quantity === undefined || !isZero(quantity);
}
