import { definePolicy, isMadeByWorkload, isMirrorPod } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-default-namespace',
  category: 'delivery',
  title: 'Forbid workloads in the namespace default',
  severity: 'medium',
  target: 'object',
  kinds: ['Workload'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: { default: '{kind} {name} runs in the namespace default.' },
  why: 'The namespace default is where things land by mistake: its quotas, network policies and rights belong to nobody, and everything in it can reach everything else.',
  remediation: 'Name a namespace in metadata.namespace, or with kubectl -n.',
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces',
  ],
  validate({ object, namespace, at }, { report }) {
    // A manifest that names no namespace goes where whoever applies it says; admission sees where that is.
    if (namespace !== 'default' || isMadeByWorkload(object) || isMirrorPod(object)) return;
    report({ message: 'default', at: at('metadata', 'namespace') });
  },
});
