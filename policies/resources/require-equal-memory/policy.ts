import {
  compareQuantities,
  definePolicy,
  formatQuantity,
  hasResource,
  isRecord,
  isZero,
  limitRangeDefault,
  parseQuantity,
  podQuantity,
  property,
  quantityOf,
  speaksForPod,
  type ContainerSubject,
  type Quantity,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-equal-memory',
  category: 'resources',
  title: 'Require a memory request that equals the limit',
  severity: 'medium',
  target: 'container',
  optionalFacts: ['LimitRange'],
  profiles: {},
  subresources: ['resize'],
  params: z.strictObject({}),
  messages: {
    differs: '{container} requests {request} of memory and may take {limit}.',
    unlimited: '{container} requests {request} of memory and may take all there is.',
    defaulted: '{container} requests {request} of memory and may take {limit}, by LimitRange {limitRange}.',
    podDiffers: 'The pod as a whole requests {request} of memory and may take {limit}.',
    podUnlimited: 'The pod as a whole requests {request} of memory and may take all there is.',
  },
  why: 'Memory above the request is borrowed: when the node runs out, whoever borrowed most is killed first, and that may be a well-behaved neighbour in a burst.',
  remediation: {
    differs:
      'Set resources.requests.memory to the limit of {limit}, or lower the limit to what is requested.',
    unlimited: 'Set resources.limits.memory to the request of {request}.',
    defaulted: 'Set resources.limits.memory to the request of {request}.',
    podDiffers: 'In resources of the pod set requests.memory to the limit of {limit}.',
    podUnlimited: 'In resources of the pod set limits.memory to the request of {request}.',
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
    const podRequest = podQuantity(pod, 'requests', 'memory');
    const podLimit = podQuantity(pod, 'limits', 'memory');
    const asked = request ?? requestByDefault(subject);
    if (asked !== undefined && limit === undefined) {
      const given = limitRangeDefault(subject, 'limits', 'memory');
      const most = parseQuantity(given?.amount);
      const missing = at('resources', 'limits', 'memory');
      const data = { request: formatQuantity(asked) };
      if (given !== undefined && most !== undefined) {
        const { limitRange } = given;
        if (compareQuantities(asked, most) !== 0)
          report({
            message: 'defaulted',
            at: missing,
            data: { ...data, limit: formatQuantity(most), limitRange },
          });
        // A limit of the whole pod bounds a container without one.
      } else if (podLimit === undefined) {
        report({ message: 'unlimited', at: missing, data });
      }
    }
    if (podRequest === undefined || !speaksForPod(subject, 'own')) return;
    if (podLimit === undefined) {
      if (isZero(podRequest) || !pod.containers.some(isOpen)) return;
      const data = { request: formatQuantity(podRequest) };
      report({ message: 'podUnlimited', at: pod.at('resources', 'limits', 'memory'), data });
    } else if (compareQuantities(podRequest, podLimit) !== 0) {
      const data = { request: formatQuantity(podRequest), limit: formatQuantity(podLimit) };
      report({ message: 'podDiffers', at: pod.at('resources', 'requests', 'memory'), data });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['differs'],
    apply({ resources }, { subject: { pod } }) {
      // What the whole pod requests may be less than the limit, and the API server would refuse it.
      if (property(pod.podSpec.resources?.requests, 'memory') !== undefined) return;
      if (!isRecord(resources) || !isRecord(resources.limits) || !isRecord(resources.requests)) return;
      const limit = resources.limits['memory'];
      if (limit != null && quantityOf(resources, 'limits', 'memory') !== undefined) {
        resources.requests['memory'] = limit;
      }
    },
  },
});

/** Whether nothing bounds a container that leaves its memory to the pod; one with a request is named itself. */
function isOpen(subject: ContainerSubject): boolean {
  const { container, containerClass } = subject;
  return (
    containerClass !== 'ephemeral' &&
    (memoryOf(container.resources)[0] ?? requestByDefault(subject)) === undefined &&
    !hasResource(subject, 'limits', 'memory')
  );
}

/** What a LimitRange makes a container request that says nothing of memory itself. */
function requestByDefault(subject: ContainerSubject): Quantity | undefined {
  const { limits, requests } = subject.container.resources ?? {};
  if (property(requests, 'memory') !== undefined || property(limits, 'memory') !== undefined)
    return undefined;
  const quantity = parseQuantity(limitRangeDefault(subject, 'requests', 'memory')?.amount);
  return quantity === undefined || isZero(quantity) ? undefined : quantity;
}

/** Request and limit; zero asks for nothing and limits nothing. */
function memoryOf(resources: unknown): readonly (Quantity | undefined)[] {
  return (['requests', 'limits'] as const).map((list) => {
    const quantity = quantityOf(resources, list, 'memory');
    return quantity === undefined || isZero(quantity) ? undefined : quantity;
  });
}
