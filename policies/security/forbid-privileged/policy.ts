import { definePolicy } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-privileged',
  category: 'security',
  title: 'Forbid privileged containers',
  severity: 'critical',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: { privileged: '{container} is privileged.' },
  why: 'A privileged container has every capability and every device of its node and runs without seccomp, AppArmor and SELinux: who breaks into it owns the node and all pods on it.',
  remediation:
    'Remove securityContext.privileged, and add to securityContext.capabilities.add the one capability that is needed, if any.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/#privileged-containers',
  ],
  controls: ['Pod Security Standards: Privileged Containers (Baseline)'],
  validate({ container, at }, { report }) {
    if (container.securityContext?.privileged !== true) return;
    report({ message: 'privileged', at: at('securityContext', 'privileged') });
  },
  fix: {
    safety: 'safe',
    resolves: ['privileged'],
    apply(container) {
      if (container.securityContext != null) container.securityContext.privileged = false;
    },
  },
});
