import { z } from 'zod';
import { property } from './json.ts';
import { isZero, parseQuantity, type Quantity } from './quantity.ts';
import type { ContainerSubject } from './subjects.ts';

export type ResourceList = 'requests' | 'limits';
/** Resources that may be set for a whole pod. */
const podLevel: ReadonlySet<string> = new Set(['cpu', 'memory', 'hugepages']);

/**
 * Whether a container has a request or a limit, its own or through its pod: with pod-level resources
 * (`spec.resources`, Kubernetes 1.32) the containers share what the pod has. A limit without a request counts as
 * the request too, because the API server copies it; the other way round nothing is copied. Zero counts as not set.
 *
 * Source: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ and
 * https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
 *
 * @example hasResource(subject, 'requests', 'cpu')
 */
export function hasResource(subject: ContainerSubject, list: ResourceList, resource: string): boolean {
  const { container, pod } = subject;
  return (
    isSet(container.resources, list, resource) ||
    (podLevel.has(resource) &&
      pod.workload.kubernetesMinor >= 32 &&
      isSet(pod.podSpec.resources, list, resource))
  );
}

/**
 * The amount a container has by itself, undefined where it has none or what stands there is no quantity. Without a
 * request of its own the limit is the request, because the API server copies it.
 *
 * @example quantityOf(container.resources, 'requests', 'memory')
 */
export function quantityOf(resources: unknown, list: ResourceList, resource: string): Quantity | undefined {
  const own = property(property(resources, list), resource);
  if (own != null) return parseQuantity(own);
  return list === 'requests' ? quantityOf(resources, 'limits', resource) : undefined;
}

/** Text that is a quantity, for parameters. */
export const quantityText = z
  .string()
  .refine((text) => parseQuantity(text) !== undefined, 'expected a quantity such as 500m or 256Mi');

function isSet(resources: unknown, list: ResourceList, resource: string): boolean {
  if (isAmount(property(property(resources, list), resource))) return true;
  return list === 'requests' && isAmount(property(property(resources, 'limits'), resource));
}

/** Zero asks for nothing and limits nothing. What is no quantity is somebody else's finding. */
function isAmount(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string' && /^[1-9]/.test(value)) return true;
  const quantity = parseQuantity(value);
  return quantity === undefined || !isZero(quantity);
}
