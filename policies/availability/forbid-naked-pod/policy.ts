import { definePolicy, isControlled, isMirrorPod } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-naked-pod',
  category: 'availability',
  title: 'Forbid Pods without a controller',
  severity: 'medium',
  target: 'object',
  kinds: ['Pod'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    allowRunToCompletion: z
      .boolean()
      .default(true)
      .describe('Leave Pods alone that end by themselves (restartPolicy Never or OnFailure)'),
  }),
  messages: { naked: 'Pod {name} belongs to no controller that would bring it back.' },
  why: 'A Pod of its own is gone for good once its node is drained, fails or runs out of memory, and it cannot be updated or scaled.',
  remediation: 'Put the pod into the template of a Deployment, StatefulSet, DaemonSet or Job.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs',
    'https://kubernetes.io/docs/concepts/workloads/pods/#pods-and-controllers',
  ],
  validate({ object, pod, at }, { params, report }) {
    if (isControlled(object) || isMirrorPod(object)) return;
    if (params.allowRunToCompletion && pod?.runsToCompletion === true) return;
    report({ message: 'naked', at: at('kind') });
  },
});
