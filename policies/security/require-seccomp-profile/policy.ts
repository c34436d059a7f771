import { definePolicy, isForWindows, isRecord } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-seccomp-profile',
  category: 'security',
  title: 'Require a seccomp profile',
  severity: 'medium',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { production: 'warn', restricted: 'deny', 'pss-restricted': 'deny' },
  params: z.strictObject({}),
  messages: { missing: '{container} has no seccomp profile, of its own or through its pod.' },
  why: 'Without a seccomp profile a container may make every system call of the kernel it shares with the node, those in which holes are found included.',
  remediation:
    'Set securityContext.seccompProfile.type: RuntimeDefault (or Localhost with a profile of your own) on the container or the pod.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
  ],
  controls: [{ name: 'Pod Security Standards: Seccomp (Restricted)', with: ['forbid-unconfined-seccomp'] }],
  validate({ container, pod, at }, { report }) {
    // A profile that stands there and is no good is forbid-unconfined-seccomp's business.
    if (container.securityContext?.seccompProfile != null) return;
    if (pod.podSpec.securityContext?.seccompProfile != null) return;
    // Windows has no seccomp, and the API server refuses the field on a pod that says it is for Windows.
    if (isForWindows(pod)) return;
    report({ message: 'missing', at: at('securityContext', 'seccompProfile') });
  },
  fix: {
    safety: 'safe',
    resolves: ['missing'],
    apply(container) {
      container.securityContext ??= {};
      if (isRecord(container.securityContext)) {
        container.securityContext.seccompProfile = { type: 'RuntimeDefault' };
      }
    },
  },
});
