import {
  compareQuantities,
  definePolicy,
  formatQuantity,
  isRecord,
  isZero,
  quantityOf,
  speaksForPod,
  type Quantity,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-equal-memory',
  category: 'resources',
  title: 'Require a memory request that equals the limit',
  severity: 'medium',
  target: 'container',
  profiles: {},
  subresources: ['resize'],
  params: z.strictObject({}),
  messages: {
    differs: '{container} requests {request} of memory and may take {limit}.',
    unlimited: '{container} requests {request} of memory and may take all there is.',
    podDiffers: 'The pod as a whole requests {request} of memory and may take {limit}.',
  },
  why: 'Memory above the request is borrowed: when the node runs out, whoever borrowed most is killed first, and that may be a well-behaved neighbour in a burst.',
  remediation: {
    differs:
      'Set resources.requests.memory to the limit of {limit}, or lower the limit to what is requested.',
    unlimited: 'Set resources.limits.memory to the request of {request}.',
    podDiffers: 'In resources of the pod set requests.memory to the limit of {limit}.',
  },
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/'],
  validate(subject, { report }) {
    const { container, pod, at } = subject;
    const [request, limit] = memoryOf(container.resources);
    const place = at('resources', 'requests', 'memory');
    if (request !== undefined && limit !== undefined && compareQuantities(request, limit) !== 0) {
      const data = { request: formatQuantity(request), limit: formatQuantity(limit) };
      report({ message: 'differs', at: place, data });
    }
    const [podRequest, podLimit] = memoryOf(pod.podSpec.resources);
    // A limit of the whole pod bounds a container without one.
    if (request !== undefined && limit === undefined && podLimit === undefined) {
      report({
        message: 'unlimited',
        at: at('resources', 'limits', 'memory'),
        data: { request: formatQuantity(request) },
      });
    }
    if (podRequest === undefined || podLimit === undefined || !speaksForPod(subject, 'own')) return;
    if (compareQuantities(podRequest, podLimit) !== 0) {
      const data = { request: formatQuantity(podRequest), limit: formatQuantity(podLimit) };
      report({ message: 'podDiffers', at: pod.at('resources', 'requests', 'memory'), data });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['differs'],
    apply({ resources }) {
      if (!isRecord(resources) || !isRecord(resources.limits) || !isRecord(resources.requests)) return;
      const limit = resources.limits['memory'];
      if (limit != null && quantityOf(resources, 'limits', 'memory') !== undefined) {
        resources.requests['memory'] = limit;
      }
    },
  },
});

/** Request and limit; zero asks for nothing and limits nothing. */
function memoryOf(resources: unknown): readonly (Quantity | undefined)[] {
  return (['requests', 'limits'] as const).map((list) => {
    const quantity = quantityOf(resources, list, 'memory');
    return quantity === undefined || isZero(quantity) ? undefined : quantity;
  });
}
