import { records } from './json.ts';
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
