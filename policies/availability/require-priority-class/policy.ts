import { definePolicy, isMirrorPod, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-priority-class',
  category: 'availability',
  title: 'Require a priority class',
  severity: 'low',
  target: 'podSpec',
  profiles: { restricted: 'warn' },
  params: z.strictObject({
    priorityClasses: z
      .array(z.string().min(1))
      .optional()
      .describe('PriorityClasses that may be used; any where it is not set'),
  }),
  messages: {
    missing: '{kind} {name} names no priority class.',
    notListed: '{kind} {name} names the priority class {priorityClass}, which is not among those to use.',
  },
  why: 'When a cluster is full, the scheduler evicts pods of lower priority for those of higher, and the kubelet looks at priority when a node runs out of memory. Where nobody has said what matters, chance decides.',
  remediation: {
    missing:
      'Set priorityClassName to one of the PriorityClasses of the cluster (kubectl get priorityclasses).',
    notListed: 'Set priorityClassName to one of the listed PriorityClasses.',
  },
  references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/'],
  validate({ podSpec, workload, at }, { params, report }) {
    const { priorityClassName } = podSpec;
    // What the kubelet runs from its own files is never evicted.
    if (isMirrorPod(workload.object)) return;
    if (priorityClassName == null || priorityClassName === '') {
      report({ message: 'missing', at: at('priorityClassName') });
    } else if (params.priorityClasses?.includes(priorityClassName) === false) {
      const priorityClass = text(priorityClassName) ?? '';
      report({ message: 'notListed', at: at('priorityClassName'), data: { priorityClass } });
    }
  },
});
