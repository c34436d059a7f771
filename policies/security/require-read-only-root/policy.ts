import { definePolicy, runsOnWindows, isRecord } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-read-only-root',
  category: 'security',
  title: 'Require a read-only root filesystem',
  severity: 'medium',
  target: 'container',
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    missing: '{container} can write to its root filesystem: it does not set readOnlyRootFilesystem.',
    writable: '{container} can write to its root filesystem: it sets readOnlyRootFilesystem to false.',
  },
  why: 'What a container writes to its root filesystem is lost when it restarts and differs between replicas; and who breaks in can put programs there and change those of the image.',
  remediation: {
    missing:
      'Set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir where the program writes, such as /tmp.',
    writable:
      'Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the program writes, such as /tmp.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/application-security-checklist/',
  ],
  validate({ container, pod, at }, { report }) {
    const readOnly = container.securityContext?.readOnlyRootFilesystem;
    if (readOnly === true) return;
    // Windows processes need their root, and the API server refuses the field on a pod that says it is for Windows.
    if (runsOnWindows(pod.podSpec)) return;
    report({
      message: readOnly === false ? 'writable' : 'missing',
      at: at('securityContext', 'readOnlyRootFilesystem'),
    });
  },
  fix: {
    // Whether the program can live with it, only a test run shows; what was allowed on purpose is left alone.
    safety: 'suggestion',
    resolves: ['missing'],
    apply(container) {
      container.securityContext ??= {};
      if (isRecord(container.securityContext)) container.securityContext.readOnlyRootFilesystem = true;
    },
  },
});
