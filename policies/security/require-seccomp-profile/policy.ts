import { definePolicy, isForWindows, isRecord, unconfinedSeccomp } from '#sdk';
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
  messages: {
    missing: '{container} has no seccomp profile, of its own or through its pod.',
    unconfined: '{container} has a seccomp profile that is neither RuntimeDefault nor Localhost.',
    podUnconfined: 'The pod has a seccomp profile that is neither RuntimeDefault nor Localhost.',
  },
  why: 'Without a seccomp profile a container may make every system call of the kernel it shares with the node, those in which holes are found included.',
  remediation: {
    missing:
      'Set securityContext.seccompProfile.type: RuntimeDefault (or Localhost with a profile of your own) on the container or the pod.',
    unconfined: 'Set it to RuntimeDefault, or to Localhost with a profile that allows what is needed.',
    podUnconfined: 'Set it to RuntimeDefault, or to Localhost with a profile that allows what is needed.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/tutorials/security/seccomp/',
  ],
  controls: ['Pod Security Standards: Seccomp (Restricted)'],
  validate(subject, { report }) {
    const { container, pod, at } = subject;
    // Windows has no seccomp, and the API server refuses the field on a pod that says it is for Windows.
    if (isForWindows(pod)) return;
    const profile = container.securityContext?.seccompProfile ?? pod.podSpec.securityContext?.seccompProfile;
    if (profile == null) report({ message: 'missing', at: at('securityContext', 'seccompProfile') });
    const { own, ofPod } = unconfinedSeccomp(subject);
    const place = ['securityContext', 'seccompProfile', 'type'];
    if (own) report({ message: 'unconfined', at: at(...place) });
    if (ofPod) report({ message: 'podUnconfined', at: pod.at(...place) });
  },
  fix: {
    safety: 'safe',
    resolves: ['missing', 'unconfined'],
    apply(container) {
      container.securityContext ??= {};
      if (isRecord(container.securityContext)) {
        container.securityContext.seccompProfile = { type: 'RuntimeDefault' };
      }
    },
  },
});
