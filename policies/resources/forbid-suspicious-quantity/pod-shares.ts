import {
  compareQuantities,
  entries,
  formatQuantity,
  limitRangeDefault,
  parseQuantity,
  podQuantity,
  property,
  quantityOf,
  requestOfContainers,
  type ContainerSubject,
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
  /** Whether that is so only because of what LimitRanges give them. */
  readonly byDefault: boolean;
}

/**
 * Amounts of a whole pod below those of its containers: a limit below the limit of one of them, and a request below what
 * they request together. The API server fills in the request of the pod first, and then gives containers what the
 * LimitRanges say.
 *
 * Source: validatePodResourceConsistency in pkg/apis/core/validation/validation.go; defaultPodRequests in
 * pkg/apis/core/v1/defaults.go; plugin/pkg/admission/limitranger.
 */
export function shortagesOf(pod: PodSubject): readonly Shortage[] {
  const { requests, limits } = pod.podSpec.resources ?? {};
  const stating = [...entries(requests), ...entries(limits)].map(([resource]) => resource);
  // Of these two the API server fills in a request that nobody states.
  const resources = new Set(['cpu', 'memory', ...stating]);
  return [...resources].flatMap((resource) => {
    const exceeded = exceededLimit(pod, resource);
    const isStated = property(requests, resource) !== undefined;
    // A container with a limit above the pod's requests that, too, where it states no request.
    if (exceeded !== undefined && !isStated) return [exceeded];
    const exceededRequest =
      shortage('podBelow', isStated ? 'requests' : 'limits', resource, pod, sumOf(stated)) ??
      shortage('podBelow', 'requests', resource, pod, sumOf(inTheEnd), true);
    return [exceeded, exceededRequest].filter((one) => one !== undefined);
  });
}

type AmountOf = (subject: ContainerSubject, list: ResourceList, resource: string) => Quantity | undefined;
type Wanted = (pod: PodSubject, resource: string) => Quantity | undefined;

const stated: AmountOf = ({ container }, list, resource) => quantityOf(container.resources, list, resource);

/** What a container states, or gets from a LimitRange. */
const inTheEnd: AmountOf = (subject, list, resource) =>
  stated(subject, list, resource) ?? parseQuantity(limitRangeDefault(subject, list, resource)?.amount);

function exceededLimit(pod: PodSubject, resource: string): Shortage | undefined {
  return (
    shortage('podBelowLimit', 'limits', resource, pod, largestLimit(stated)) ??
    shortage('podBelowLimit', 'limits', resource, pod, largestLimit(inTheEnd), true)
  );
}

function sumOf(amountOf: AmountOf): Wanted {
  return (pod, resource) =>
    requestOfContainers(pod, resource, (subject) => amountOf(subject, 'requests', resource));
}

/** The largest limit of a container; of init containers and sidecars the API server does not ask it. */
function largestLimit(amountOf: AmountOf): Wanted {
  return ({ containers }, resource) => {
    let largest: Quantity | undefined;
    for (const subject of containers) {
      const own = subject.containerClass === 'app' ? amountOf(subject, 'limits', resource) : undefined;
      if (own !== undefined && (largest === undefined || compareQuantities(own, largest) > 0)) largest = own;
    }
    return largest;
  };
}

function shortage(
  message: Shortage['message'],
  list: ResourceList,
  resource: string,
  pod: PodSubject,
  wantedBy: Wanted,
  byDefault = false,
): Shortage | undefined {
  const own = podQuantity(pod, list, resource);
  const wanted = own === undefined ? undefined : wantedBy(pod, resource);
  if (own === undefined || wanted === undefined || compareQuantities(own, wanted) >= 0) return undefined;
  const [quantity, amount] = [formatQuantity(own), formatQuantity(wanted)];
  return { message, list, resource, quantity, amount, byDefault };
}
