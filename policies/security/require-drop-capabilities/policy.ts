import { definePolicy, isForWindows, isRecord, list, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-drop-capabilities',
  category: 'security',
  title: 'Require all capabilities to be dropped',
  severity: 'medium',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { production: 'warn', restricted: 'deny', 'pss-restricted': 'deny' },
  params: z.strictObject({}),
  messages: {
    kept: '{container} does not drop ALL capabilities.',
    added: '{container} adds the capability {capability}; only NET_BIND_SERVICE may be added.',
  },
  why: 'Container runtimes hand out more than a dozen capabilities that hardly any program needs, such as writing other users’ files and making device nodes: what is dropped cannot be abused.',
  remediation: {
    kept: 'Set securityContext.capabilities.drop: [ALL].',
    added:
      'Remove it from securityContext.capabilities.add, and change the program or its image so that it does without.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container',
  ],
  controls: ['Pod Security Standards: Capabilities (Restricted)'],
  validate({ container, pod, at }, { report }) {
    // Windows has no capabilities, and the API server refuses the field on a pod that says it is for Windows.
    if (isForWindows(pod)) return;
    const capabilities = container.securityContext?.capabilities;
    if (!list(capabilities?.drop).includes('ALL')) {
      report({ message: 'kept', at: at('securityContext', 'capabilities', 'drop') });
    }
    const added = list(capabilities?.add);
    for (let index = 0; index < added.length; index++) {
      if (added[index] === 'NET_BIND_SERVICE') continue;
      report({
        message: 'added',
        at: at('securityContext', 'capabilities', 'add', index),
        data: { capability: text(added[index]) ?? 'null' },
      });
    }
  },
  fix: {
    safety: 'safe',
    resolves: ['kept'],
    apply(container) {
      container.securityContext ??= {};
      if (!isRecord(container.securityContext)) return;
      container.securityContext.capabilities ??= {};
      const { capabilities } = container.securityContext;
      // ALL covers whatever else was listed.
      if (isRecord(capabilities) && !list(capabilities.drop).includes('ALL')) capabilities.drop = ['ALL'];
    },
  },
});
