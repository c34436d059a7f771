import { definePolicy, list, text } from '#sdk';
import { z } from 'zod';

/** What container runtimes give by default, as the standard lists it; NET_RAW is left out on purpose. */
const harmless: ReadonlySet<unknown> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export default definePolicy({
  id: 'forbid-added-capabilities',
  category: 'security',
  title: 'Forbid capabilities beyond the default ones',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: { added: '{container} adds the capability {capability}.' },
  why: 'Capabilities such as SYS_ADMIN, NET_ADMIN or SYS_PTRACE are pieces of root: with one of them a process reaches the network, the memory or the files of the node and of other pods.',
  remediation:
    'Remove it from securityContext.capabilities.add (kubectl debug: --profile=restricted); names are written without CAP_, and the default capabilities need not be added.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container',
  ],
  controls: ['Pod Security Standards: Capabilities (Baseline)'],
  validate({ container, at }, { report }) {
    const added = list(container.securityContext?.capabilities?.add);
    for (let index = 0; index < added.length; index++) {
      if (harmless.has(added[index])) continue;
      report({
        message: 'added',
        at: at('securityContext', 'capabilities', 'add', index),
        data: { capability: text(added[index]) ?? 'null' },
      });
    }
  },
});
