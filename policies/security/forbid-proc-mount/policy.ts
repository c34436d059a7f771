import { definePolicy, hasUserNamespace, text } from '#sdk';
import { z } from 'zod';

const strict = { action: 'deny', params: { allowInUserNamespace: false } } as const;

export default definePolicy({
  id: 'forbid-proc-mount',
  category: 'security',
  title: 'Forbid an unmasked /proc',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', restricted: strict, 'pss-baseline': 'deny', 'pss-restricted': strict },
  params: z.strictObject({
    allowInUserNamespace: z
      .boolean()
      .default(true)
      .describe(
        'Whether a pod with a user namespace of its own (hostUsers: false) may unmask /proc, as Baseline has it since Kubernetes 1.35',
      ),
  }),
  messages: { unmasked: '{container} sets procMount to {procMount}: parts of /proc are no longer hidden.' },
  why: 'Container runtimes hide parts of /proc and make others read-only, because who reads or writes them looks into the kernel of the node and changes it.',
  remediation: 'Remove securityContext.procMount.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access',
  ],
  controls: [
    'Pod Security Standards: /proc Mount Type (Baseline)',
    {
      name: 'Pod Security Standards: /proc Mount Type (Restricted)',
      params: { allowInUserNamespace: false },
    },
  ],
  validate({ container, pod, at }, { params, report }) {
    const procMount = container.securityContext?.procMount;
    if (procMount == null || procMount === 'Default') return;
    if (params.allowInUserNamespace && hasUserNamespace(pod)) return;
    const data = { procMount: text(procMount) || 'something else' };
    report({ message: 'unmasked', at: at('securityContext', 'procMount'), data });
  },
  fix: {
    safety: 'safe',
    resolves: ['unmasked'],
    apply(container) {
      if (container.securityContext != null) container.securityContext.procMount = 'Default';
    },
  },
});
