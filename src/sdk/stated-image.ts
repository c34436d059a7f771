import type { ContainerSubject } from './subjects.ts';

const injected = /^istio-(?:proxy|init|validation)$/;

/**
 * The image that a container states, undefined where it leaves that to Istio: gateways, and workloads that adjust their
 * proxy, write `image: auto` into a container of Istio's name, and its webhook puts the image of the installed version
 * there when a pod is made.
 *
 * Source: https://istio.io/latest/docs/setup/additional-setup/gateway/; AutoImage in istio/pkg/kube/inject/webhook.go.
 *
 * @example
 * if (parseImageReference(statedImage(subject))?.digest === undefined) report({ message: 'missing' });
 */
export function statedImage({ container }: ContainerSubject): unknown {
  const { name, image } = container;
  return image === 'auto' && typeof name === 'string' && injected.test(name) ? undefined : image;
}
