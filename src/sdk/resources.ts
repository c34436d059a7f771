import { property } from './json.ts';
import { isZero, parseQuantity } from './quantity.ts';
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
