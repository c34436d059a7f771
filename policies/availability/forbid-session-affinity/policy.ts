import { definePolicy } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-session-affinity',
  category: 'availability',
  title: 'Forbid session affinity',
  severity: 'low',
  target: 'object',
  kinds: ['Service'],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: { clientIP: 'Service {name} sends each client to the same pod (sessionAffinity ClientIP).' },
  why: 'Whoever needs affinity keeps state in a replica: it is lost with each rollout, and new replicas get no load. Behind a proxy all clients have one address and meet in one pod.',
  remediation:
    'Remove spec.sessionAffinity, and keep sessions where every replica finds them, such as in a store or a signed cookie.',
  references: ['https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity'],
  validate({ object, at }, { report }) {
    const { spec } = object;
    // Without a virtual address nothing stands between client and pods that could keep them together.
    if (spec?.sessionAffinity !== 'ClientIP' || spec.type === 'ExternalName' || spec.clusterIP === 'None')
      return;
    report({ message: 'clientIP', at: at('spec', 'sessionAffinity') });
  },
});
