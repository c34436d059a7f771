import { z } from 'zod';
import { entries, isRecord, property } from './json.ts';
import { limitRangeDefault, type ResourceList } from './limit-ranges.ts';
import { compareQuantities, isZero, parseQuantity, type Quantity } from './quantity.ts';
import type { ContainerSubject, PodSubject } from './subjects.ts';

/** Resources that may be set for a whole pod, besides huge pages. */
const podLevel: ReadonlySet<string> = new Set(['cpu', 'memory']);

/**
 * Whether a container has a request or a limit, its own, through its pod or by a LimitRange of its namespace: with
 * pod-level resources (`spec.resources`, Kubernetes 1.32) the containers share what the pod has; what a LimitRange
 * writes into the pod counts where the policy has `optionalFacts: ['LimitRange']` and facts are at hand. A limit
 * without a request counts as the request too, because the API server copies it; the other way round nothing is
 * copied. Zero counts as not set, and where it is written nothing is copied over it; null is zero, too.
 *
 * Source: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ and
 * https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/; SetDefaults_Pod in
 * pkg/apis/core/v1/defaults.go; Quantity.UnmarshalJSON in k8s.io/apimachinery/pkg/api/resource.
 *
 * @example hasResource(subject, 'requests', 'cpu')
 */
export function hasResource(subject: ContainerSubject, list: ResourceList, resource: string): boolean {
  const { container, pod } = subject;
  return (
    isSet(container.resources, list, resource) ||
    isSetByPod(pod, list, resource) ||
    isGivenByLimitRange(subject, list, resource)
  );
}

function isSetByPod(pod: PodSubject, list: ResourceList, resource: string): boolean {
  const { resources } = pod.podSpec;
  if (resources == null || !podLevel.has(resource) || pod.workload.kubernetesMinor < 32) return false;
  if (list === 'requests' && isFilledByContainers(pod, resource)) {
    const stating = pod.containers.filter(({ container }) => isStated(container.resources, resource));
    // Where all of them say zero, so does the pod, whatever its limit is.
    if (stating.length > 0)
      return stating.some(({ container }) => isSet(container.resources, 'requests', resource));
  }
  return isSet(resources, list, resource);
}

function isStated(resources: unknown, resource: string): boolean {
  const isIn = (list: ResourceList): boolean => property(property(resources, list), resource) !== undefined;
  return isIn('requests') || isIn('limits');
}

/**
 * Whether the API server writes into `spec.resources` what the containers request together: of CPU and memory, where
 * the pod has any limit of its own and says nothing of the request itself.
 *
 * Source: defaultPodRequests in pkg/apis/core/v1/defaults.go.
 *
 * @example isFilledByContainers(pod, 'memory')
 */
export function isFilledByContainers({ podSpec: { resources } }: PodSubject, resource: string): boolean {
  const isDue = podLevel.has(resource) && entries(resources?.limits).length > 0;
  return isDue && property(resources?.requests, resource) === undefined;
}

/** Where the container says zero, nothing is written over it. */
function isGivenByLimitRange(subject: ContainerSubject, list: ResourceList, resource: string): boolean {
  const { resources } = subject.container;
  if (property(property(resources, list), resource) !== undefined) return false;
  if (list === 'requests' && property(property(resources, 'limits'), resource) !== undefined) return false;
  return isAmount(limitRangeDefault(subject, list, resource)?.amount);
}

/**
 * The amount a container has by itself, undefined where it has none or what stands there is no quantity. Without a
 * request of its own the limit is the request, because the API server copies it. Null is zero.
 *
 * @example quantityOf(container.resources, 'requests', 'memory')
 */
export function quantityOf(resources: unknown, list: ResourceList, resource: string): Quantity | undefined {
  const isSilent = property(property(resources, list), resource) === undefined;
  return amountIn(resources, list === 'requests' && isSilent ? 'limits' : list, resource);
}

function amountIn(resources: unknown, list: ResourceList, resource: string): Quantity | undefined {
  const own = property(property(resources, list), resource);
  return own === undefined ? undefined : parseQuantity(own ?? '0');
}

/**
 * For fixes: writes an amount that a container lacks. Nothing is written that the API server would refuse, because which
 * of two amounts is wrong only people know: a request above its limit, and a limit, which becomes the request too, where
 * the containers share what their pod asks for.
 *
 * Source: validateContainerResourceRequirements and validatePodResourceConsistency in
 * pkg/apis/core/validation/validation.go; SetDefaults_Pod in pkg/apis/core/v1/defaults.go.
 *
 * @example fillResource(draft, subject, 'limits', 'memory', '256Mi')
 */
export function fillResource(
  draft: { resources?: unknown },
  { container, pod }: ContainerSubject,
  list: ResourceList,
  resource: string,
  amount: string | undefined,
): void {
  const wanted = parseQuantity(amount);
  if (wanted === undefined) return;
  const other = list === 'limits' ? 'requests' : 'limits';
  const present = amountIn(container.resources, other, resource);
  const [request, limit] = list === 'limits' ? [present, wanted] : [wanted, present];
  if (request !== undefined && limit !== undefined && compareQuantities(request, limit) > 0) return;
  if (request === undefined && property(property(pod.podSpec.resources, 'requests'), resource) !== undefined)
    return;
  const resources = recordIn(draft, 'resources');
  const amounts = resources === undefined ? undefined : recordIn(resources, list);
  if (amounts !== undefined) amounts[resource] = amount;
}

/** The table there, made where nothing is; undefined where something else is. */
function recordIn(parent: Record<string, unknown>, field: string): Record<string, unknown> | undefined {
  parent[field] ??= {};
  const value = parent[field];
  return isRecord(value) ? value : undefined;
}

/** Text that is a quantity, for parameters. */
export const quantityText = z
  .string()
  .refine((text) => parseQuantity(text) !== undefined, 'expected a quantity such as 500m or 256Mi');

function isSet(resources: unknown, list: ResourceList, resource: string): boolean {
  const own = property(property(resources, list), resource);
  if (own !== undefined || list === 'limits') return isAmount(own);
  return isAmount(property(property(resources, 'limits'), resource));
}

/** Zero asks for nothing and limits nothing. What is no quantity is somebody else's finding. */
function isAmount(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string' && /^[1-9]/.test(value)) return true;
  const quantity = parseQuantity(value);
  return quantity === undefined || !isZero(quantity);
}
