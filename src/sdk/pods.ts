import { property, records } from './json.ts';
import type { ContainerSubject, KubernetesObject } from './subjects.ts';

/**
 * Whether a container policy reports a setting of the whole pod with this container. It is reported once, with the
 * pod's first container; and with a debugging container that inherits it (`own` is absent), because a request that
 * adds one is judged by that one alone.
 *
 * @example
 * if (pod.podSpec.securityContext?.runAsUser === 0 && speaksForPod(subject, container.securityContext?.runAsUser)) …
 */
export function speaksForPod(subject: ContainerSubject, own: unknown): boolean {
  return subject.pod.containers[0] === subject || (subject.containerClass === 'ephemeral' && own == null);
}

/**
 * Whether the object says that a controller made it and keeps it (`metadata.ownerReferences[].controller`). Anybody
 * can write such a reference: it may spare an object a hint, never a rule that protects something.
 */
export function isControlled({ metadata }: KubernetesObject): boolean {
  return records(metadata?.ownerReferences).some(({ controller }) => controller === true);
}

/**
 * Whether a pod is the picture of a static pod: the kubelet makes it to show what it runs from its own files, and
 * nothing that is written into it changes anything.
 *
 * Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-config-mirror
 *
 * @example isMirrorPod({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'e1b7' } } }) // true
 */
export function isMirrorPod({ metadata }: KubernetesObject): boolean {
  return property(metadata?.annotations, 'kubernetes.io/config.mirror') !== undefined;
}
