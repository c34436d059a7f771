import type { Container } from './kubernetes.ts';
import type { ContainerSubject } from './subjects.ts';

const injected = /^istio-(?:proxy|init|validation)$/;

/**
 * Whether a container is left to Istio: gateways, and workloads that adjust their proxy, write `image: auto` into a
 * container of Istio's name, and its webhook puts the image of the installed version and a readiness probe there when a
 * pod is made.
 *
 * Source: https://istio.io/latest/docs/setup/additional-setup/gateway/; AutoImage in istio/pkg/kube/inject/webhook.go,
 * manifests/charts/istio-control/istio-discovery/files/gateway-injection-template.yaml.
 *
 * @example
 * isLeftToIstio({ name: 'istio-proxy', image: 'auto' }); // true
 * isLeftToIstio({ name: 'app', image: 'auto' }); // false
 */
export function isLeftToIstio({ name, image }: Container): boolean {
  return image === 'auto' && typeof name === 'string' && injected.test(name);
}

/**
 * The image that a container states, undefined where it leaves that to Istio.
 *
 * @example
 * if (parseImageReference(statedImage(subject))?.digest === undefined) report({ message: 'missing' });
 */
export function statedImage({ container }: ContainerSubject): unknown {
  return isLeftToIstio(container) ? undefined : container.image;
}
