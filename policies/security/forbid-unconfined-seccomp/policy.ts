import { definePolicy, unconfinedSeccomp } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-unconfined-seccomp',
  category: 'security',
  title: 'Forbid seccomp to be switched off',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: {
    unconfined: '{container} has a seccomp profile that is neither RuntimeDefault nor Localhost.',
    podUnconfined: 'The pod has a seccomp profile that is neither RuntimeDefault nor Localhost.',
  },
  why: 'Unconfined switches seccomp off even where the node would have applied a profile by default: every system call of the shared kernel is open again.',
  remediation:
    'Set securityContext.seccompProfile.type to RuntimeDefault, or to Localhost with a profile that allows what is needed.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
  ],
  controls: ['Pod Security Standards: Seccomp (Baseline)'],
  validate(subject, { report }) {
    const { own, ofPod } = unconfinedSeccomp(subject);
    const place = ['securityContext', 'seccompProfile', 'type'];
    if (own) report({ message: 'unconfined', at: subject.at(...place) });
    if (ofPod) report({ message: 'podUnconfined', at: subject.pod.at(...place) });
  },
  fix: {
    safety: 'safe',
    resolves: ['unconfined'],
    apply(container) {
      if (container.securityContext != null) {
        container.securityContext.seccompProfile = { type: 'RuntimeDefault' };
      }
    },
  },
});
