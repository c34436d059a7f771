import { property, records } from './json.ts';
import type { PodSpec } from './kubernetes.ts';
import type { ContainerSubject, KubernetesObject, PodSubject } from './subjects.ts';

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
 * Whether a pod runs on Windows nodes only: it says so (`spec.os.name`), or its node selector does. The kubelet of
 * any other node refuses both, so nobody escapes a policy by writing it. Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/windows/user-guide/ and kubernetes/pkg/kubelet/lifecycle/predicate.go.
 *
 * @example
 * isForWindows({ nodeSelector: { 'kubernetes.io/os': 'windows' } }); // true
 */
export function isForWindows(podSpec: PodSpec): boolean {
  const named = property(podSpec.os, 'name');
  if (typeof named === 'string' && named !== '') return named === 'windows';
  return property(podSpec.nodeSelector, 'kubernetes.io/os') === 'windows';
}

/** UserNamespacesSupport is on by default since 1.33; before, the API server drops the field where it is off. */
const minorWithUserNamespaces = 33;

/**
 * Whether the users and groups of a pod are mapped to others on the node (`spec.hostUsers: false`): root inside is
 * nobody outside.
 *
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
 *
 * @example
 * if (hasUserNamespace(pod)) return;
 */
export function hasUserNamespace({ podSpec, workload }: PodSubject): boolean {
  return podSpec.hostUsers === false && workload.kubernetesMinor >= minorWithUserNamespaces;
}

/**
 * Whether a pod is the kubelet's copy of a static pod. The API server lets it have no service account and no token.
 *
 * Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-config-mirror
 *
 * @example
 * if (isMirrorPod(pod)) return;
 */
export function isMirrorPod({ podMetadata }: PodSubject): boolean {
  return property(podMetadata.annotations, 'kubernetes.io/config.mirror') !== undefined;
}
