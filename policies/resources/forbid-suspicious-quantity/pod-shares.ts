import {
  compareQuantities,
  entries,
  formatQuantity,
  podQuantity,
  property,
  quantityOf,
  requestOfContainers,
  type PodSubject,
  type Quantity,
  type ResourceList,
} from '#sdk';

/** An amount of a whole pod that the API server refuses because of those of its containers. */
export interface Shortage {
  readonly message: 'podBelow' | 'podBelowLimit';
  readonly list: ResourceList;
  readonly resource: string;
  readonly quantity: string;
  /** What the containers have. */
  readonly amount: string;
}

/**
 * Amounts of a whole pod below those of its containers: a limit below the limit of one of them, and a request, or where
 * there is none the limit, below what they request together.
 *
 * Source: validatePodResourceConsistency in pkg/apis/core/validation/validation.go; defaultPodRequests in
 * pkg/apis/core/v1/defaults.go.
 */
export function shortagesOf(pod: PodSubject): readonly Shortage[] {
  const { requests, limits } = pod.podSpec.resources ?? {};
  const resources = new Set([...entries(requests), ...entries(limits)].map(([resource]) => resource));
  return [...resources].flatMap((resource): readonly Shortage[] => {
    const limit = podQuantity(pod, 'limits', resource);
    const exceeded = shortage('podBelowLimit', 'limits', resource, limit, largestLimit(pod, resource));
    const list = property(requests, resource) === undefined ? 'limits' : 'requests';
    // A container with a limit above the pod's requests that, too, where it states no request.
    if (list === 'limits' && exceeded.length > 0) return exceeded;
    const own = podQuantity(pod, list, resource);
    return [...exceeded, ...shortage('podBelow', list, resource, own, requestOfContainers(pod, resource))];
  });
}

/** The largest limit of a container; of init containers and sidecars the API server does not ask it. */
function largestLimit({ containers }: PodSubject, resource: string): Quantity | undefined {
  let largest: Quantity | undefined;
  for (const { container, containerClass } of containers) {
    const own = containerClass === 'app' ? quantityOf(container.resources, 'limits', resource) : undefined;
    if (own !== undefined && (largest === undefined || compareQuantities(own, largest) > 0)) largest = own;
  }
  return largest;
}

function shortage(
  message: Shortage['message'],
  list: ResourceList,
  resource: string,
  own: Quantity | undefined,
  wanted: Quantity | undefined,
): readonly Shortage[] {
  if (own === undefined || wanted === undefined || compareQuantities(own, wanted) >= 0) return [];
  return [{ message, list, resource, quantity: formatQuantity(own), amount: formatQuantity(wanted) }];
}
