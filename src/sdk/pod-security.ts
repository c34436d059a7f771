import type { SeccompProfile } from './kubernetes.ts';
import { speaksForPod } from './pods.ts';
import type { ContainerSubject, PodSubject } from './subjects.ts';

/**
 * Whether the pod says that it is for Windows (`spec.os.name`). The API server then refuses the Linux-only fields
 * of security contexts, and the Pod Security Standards do not ask for them (since Kubernetes 1.25).
 *
 * @example
 * if (isForWindows(pod)) return;
 */
export function isForWindows({ podSpec }: PodSubject): boolean {
  return podSpec.os?.name === 'windows';
}

/**
 * Who switches seccomp off with a profile that is neither RuntimeDefault nor Localhost: the container itself (`own`), or
 * its pod, if this container speaks for it (`ofPod`). As in the standard, the pod is asked even where every container
 * decides for itself.
 *
 * Source of the rule: https://kubernetes.io/docs/concepts/security/pod-security-standards/, Seccomp.
 *
 * @example
 * if (unconfinedSeccomp(subject).own) report({ message: 'unconfined', at: subject.at('securityContext', …) });
 */
export function unconfinedSeccomp(subject: ContainerSubject): {
  readonly own: boolean;
  readonly ofPod: boolean;
} {
  const own = subject.container.securityContext?.seccompProfile;
  const ofPod = subject.pod.podSpec.securityContext?.seccompProfile;
  return { own: isUnconfined(own), ofPod: isUnconfined(ofPod) && speaksForPod(subject, own) };
}

function isUnconfined(profile: SeccompProfile | null | undefined): boolean {
  return profile != null && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost';
}

/** The first minor version that gives pods a user namespace of their own unless somebody switched it off. */
const minorWithMappedIds = 33;

/**
 * Whether user and group ids in the pod are others on the node: it has a user namespace of its own
 * (`spec.hostUsers: false`), and the Kubernetes it is meant for (1.33 and later) makes one.
 *
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
 *
 * @example
 * if (hasMappedIds(pod)) return;
 */
export function hasMappedIds({ podSpec, workload }: PodSubject): boolean {
  return podSpec.hostUsers === false && workload.kubernetesMinor >= minorWithMappedIds;
}

/** The first minor version whose Pod Security Standards spare pods with a user namespace of their own. */
const minorWithUserNamespaces = 35;

/**
 * Whether the pod has a user namespace of its own (`spec.hostUsers: false`) and the Pod Security Standards of the
 * Kubernetes it is meant for (1.35 and later) count that: root in the container is then nobody on the node.
 *
 * @example
 * if (hasUserNamespace(pod)) return;
 */
export function hasUserNamespace({ podSpec, workload }: PodSubject): boolean {
  return podSpec.hostUsers === false && workload.kubernetesMinor >= minorWithUserNamespaces;
}
