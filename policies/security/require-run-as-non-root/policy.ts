import { definePolicy, hasUserNamespace, isRecord, speaksForPod, text, type ContainerSubject } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-run-as-non-root',
  category: 'security',
  title: 'Require a user other than root',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { production: 'warn', restricted: 'deny', 'pss-restricted': 'deny' },
  params: z.strictObject({}),
  messages: {
    missing: '{container} does not promise not to run as root: neither it nor its pod sets runAsNonRoot.',
    allowed: '{container} may run as root: it sets runAsNonRoot to false.',
    root: '{container} runs as root: it sets runAsUser to 0.',
    podAllowed: 'The pod lets its containers run as root: it sets runAsNonRoot to false.',
    podRoot: 'The pod runs its containers as root: it sets runAsUser to 0.',
  },
  why: 'Root in a container is root on the node once it gets out, and root in every volume it mounts until then.',
  remediation: {
    missing:
      'Set securityContext.runAsNonRoot: true on the container or the pod; where the image names no numeric user, runAsUser too.',
    allowed: 'Remove runAsNonRoot: false from the container, and set it to true here or on the pod.',
    root: 'Set runAsUser to a number above 0 or remove it, and set runAsNonRoot: true.',
    podAllowed: 'Set runAsNonRoot: true in the securityContext of the pod.',
    podRoot:
      'Set runAsUser in the securityContext of the pod to a number above 0 or remove it, and set runAsNonRoot: true.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/',
  ],
  controls: [
    'Pod Security Standards: Running as Non-root (Restricted)',
    'Pod Security Standards: Running as Non-root user (Restricted)',
  ],
  validate(subject, { report }) {
    const { pod } = subject;
    // The standard lets root be root where it is nobody on the node.
    if (hasUserNamespace(pod)) return;
    const own = subject.container.securityContext;
    const shared = pod.podSpec.securityContext;
    if (shared?.runAsNonRoot === false && speaksForPod(subject, own?.runAsNonRoot)) {
      report({ message: 'podAllowed', at: pod.at('securityContext', 'runAsNonRoot') });
    }
    if (shared?.runAsUser === 0 && speaksForPod(subject, own?.runAsUser)) {
      report({ message: 'podRoot', at: pod.at('securityContext', 'runAsUser') });
    }
    if (own?.runAsUser === 0) report({ message: 'root', at: subject.at('securityContext', 'runAsUser') });
    const stated = own?.runAsNonRoot ?? shared?.runAsNonRoot;
    if (own?.runAsNonRoot === false) {
      report({ message: 'allowed', at: subject.at('securityContext', 'runAsNonRoot') });
    } else if (stated == null && userOf(subject) !== 0) {
      // Where the user is said to be root, that is the finding: runAsNonRoot beside it would only fail to start.
      report({ message: 'missing', at: subject.at('securityContext', 'runAsNonRoot') });
    }
  },
  fix: {
    safety: 'safe',
    resolves: ['missing'],
    apply(container, { subject }) {
      if (isWindowsRoot(subject)) return;
      container.securityContext ??= {};
      if (isRecord(container.securityContext)) container.securityContext.runAsNonRoot = true;
    },
  },
});

/** The kubelet takes this user for root and does not start it beside the promise (security_context_windows.go). */
function isWindowsRoot({ container, pod }: ContainerSubject): boolean {
  const user: unknown =
    container.securityContext?.windowsOptions?.runAsUserName ??
    pod.podSpec.securityContext?.windowsOptions?.runAsUserName;
  return text(user)?.toLowerCase() === 'containeradministrator';
}

function userOf({ container, pod }: ContainerSubject): unknown {
  return container.securityContext?.runAsUser ?? pod.podSpec.securityContext?.runAsUser;
}
