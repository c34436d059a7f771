import { definePolicy, isForWindows, isRecord, list, type Container } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-privilege-escalation',
  category: 'security',
  title: 'Forbid privilege escalation',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { production: 'warn', restricted: 'deny', 'pss-restricted': 'deny' },
  params: z.strictObject({}),
  messages: {
    missing: '{container} does not set allowPrivilegeEscalation, and without it escalation is allowed.',
    allowed: '{container} allows privilege escalation.',
    implied: '{container} has all privileges (privileged or CAP_SYS_ADMIN), which allows escalation.',
  },
  why: 'With privilege escalation a process gains more rights than its parent through set-user-ID programs such as su: running as a non-root user then protects nothing.',
  remediation: {
    missing: 'Set securityContext.allowPrivilegeEscalation: false.',
    allowed: 'Set securityContext.allowPrivilegeEscalation: false.',
    implied:
      'Remove securityContext.privileged and CAP_SYS_ADMIN, and set securityContext.allowPrivilegeEscalation: false, which Kubernetes refuses beside them.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  ],
  controls: ['Pod Security Standards: Privilege Escalation (Restricted)'],
  validate({ container, pod, at }, { report }) {
    const allowed = container.securityContext?.allowPrivilegeEscalation;
    if (allowed === false) return;
    // Windows has no such thing, and the API server refuses the field on a pod that says it is for Windows.
    if (isForWindows(pod)) return;
    report({
      message: impliesEscalation(container.securityContext)
        ? 'implied'
        : allowed == null
          ? 'missing'
          : 'allowed',
      at: at('securityContext', 'allowPrivilegeEscalation'),
    });
  },
  fix: {
    safety: 'safe',
    resolves: ['missing', 'allowed'],
    apply(container) {
      container.securityContext ??= {};
      if (isRecord(container.securityContext)) container.securityContext.allowPrivilegeEscalation = false;
    },
  },
});

/** What the API server does not let stand beside `false`: ValidateSecurityContext in pkg/apis/core/validation. */
function impliesEscalation(context: Container['securityContext']): boolean {
  return context?.privileged === true || list(context?.capabilities?.add).includes('CAP_SYS_ADMIN');
}
