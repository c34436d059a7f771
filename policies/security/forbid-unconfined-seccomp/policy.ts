import { definePolicy, speaksForPod, type SeccompProfile } from '#sdk';
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
  controls: [
    'Pod Security Standards: Seccomp (Baseline)',
    { name: 'Pod Security Standards: Seccomp (Restricted)', with: ['require-seccomp-profile'] },
  ],
  validate(subject, { report }) {
    const { pod } = subject;
    const own = subject.container.securityContext?.seccompProfile;
    if (isUnconfined(own)) {
      report({ message: 'unconfined', at: subject.at('securityContext', 'seccompProfile', 'type') });
    }
    if (isUnconfined(pod.podSpec.securityContext?.seccompProfile) && speaksForPod(subject, own)) {
      report({ message: 'podUnconfined', at: pod.at('securityContext', 'seccompProfile', 'type') });
    }
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

function isUnconfined(profile: SeccompProfile | null | undefined): boolean {
  return profile != null && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost';
}
