import { addQuantities, compareQuantities, type Quantity } from './quantity.ts';
import type { ResourceList } from './limit-ranges.ts';
import { isFilledByContainers, quantityOf } from './resources.ts';
import type { ContainerSubject, PodSubject } from './subjects.ts';

/**
 * What the whole pod has of a resource by its own `spec.resources` (Kubernetes 1.32), undefined where it has none.
 * With any limit of its own it requests what its containers do together, unless it says so itself, and its limit where
 * none of them requests anything: so the API server fills it in, in pods and not in the templates they are made from.
 * Never throws.
 *
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/;
 * defaultPodRequests in pkg/apis/core/v1/defaults.go.
 *
 * @example podQuantity(pod, 'requests', 'memory')
 */
export function podQuantity(pod: PodSubject, list: ResourceList, resource: string): Quantity | undefined {
  const { resources } = pod.podSpec;
  if (resources == null || pod.workload.kubernetesMinor < 32) return undefined;
  if (list === 'requests' && isFilledByContainers(pod, resource)) {
    const together = requestOfContainers(pod, resource);
    if (together !== undefined) return together;
  }
  // quantityOf takes the limit for a request that is not there.
  return quantityOf(resources, list, resource);
}

/**
 * What the containers of a pod request together: those that run at the same time in sum, or the init container that
 * needs most beside the sidecars that run before it. Undefined where none requests anything. `requestOf` says what one
 * of them requests, which is what it states where nothing else is said. Never throws.
 *
 * Source: AggregateContainerRequests in k8s.io/component-helpers/resource; KEP-753.
 *
 * @example requestOfContainers(pod, 'memory') // 512Mi of two containers with 256Mi each
 */
export function requestOfContainers(
  pod: PodSubject,
  resource: string,
  requestOf: (subject: ContainerSubject) => Quantity | undefined = ({ container }) =>
    quantityOf(container.resources, 'requests', resource),
): Quantity | undefined {
  let apps: Quantity | undefined;
  let sidecars: Quantity | undefined;
  let startup: Quantity | undefined;
  for (const subject of pod.containers) {
    const { containerClass } = subject;
    const request = requestOf(subject);
    if (request === undefined) continue;
    if (containerClass === 'app') apps = sum(apps, request);
    else if (containerClass === 'sidecar') sidecars = sum(sidecars, request);
    else if (containerClass === 'init') startup = larger(startup, sum(sidecars, request));
  }
  const running = apps === undefined ? sidecars : sum(sidecars, apps);
  return running === undefined ? startup : larger(startup, running);
}

function sum(a: Quantity | undefined, b: Quantity): Quantity {
  return a === undefined ? b : addQuantities(a, b);
}

function larger(a: Quantity | undefined, b: Quantity): Quantity {
  return a !== undefined && compareQuantities(a, b) > 0 ? a : b;
}
