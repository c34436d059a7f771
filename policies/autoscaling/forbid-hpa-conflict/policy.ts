import {
  definePolicy,
  isControlled,
  scaledObjectKind,
  verticalAutoscalerKind,
  type HorizontalPodAutoscaler,
  type RelationSubject,
  type ScaledObject,
  type VerticalPodAutoscaler,
} from '#sdk';
import { z } from 'zod';
import { conflictsOfScaler, conflictsOfVertical } from './conflicts.ts';

export default definePolicy({
  id: 'forbid-hpa-conflict',
  category: 'autoscaling',
  title: 'Forbid two autoscalers for one workload',
  severity: 'high',
  target: 'relation',
  kinds: ['HorizontalPodAutoscaler', scaledObjectKind, verticalAutoscalerKind],
  facts: ['HorizontalPodAutoscaler'],
  optionalFacts: [scaledObjectKind, verticalAutoscalerKind, 'Workload'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: {
    replicas: '{kind} {name} sets the replicas of {target}, and so does {other}.',
    requests: '{kind} {name} changes what {target} requests, and so does {other}.',
    goesBy:
      '{kind} {name} goes by how much of the requested {resource} {target} uses, and {other} changes what is requested.',
    changes:
      '{kind} {name} changes the {resource} that {target} requests, and {other} scales by how much of that is used.',
  },
  why: 'Kubernetes stops every HorizontalPodAutoscaler of a workload that has two, so that nothing scales it at all; and where requests move, replicas and requests chase each other.',
  remediation: {
    replicas: 'Keep one of them, with the metrics of both: the highest of them decides.',
    requests:
      'Keep one of them, with the container policies of both, or set updateMode of one to "Off", in quotes: which of two counts is undefined.',
    goesBy:
      'Let it go by another metric, or set spec.updatePolicy.updateMode of {other} to "Off", in quotes.',
    changes:
      'Set spec.updatePolicy.updateMode to "Off", in quotes, or leave {resource} out of controlledResources in spec.resourcePolicy.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/',
    'https://keda.sh/docs/latest/concepts/scaling-deployments/',
    'https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md',
  ],
  validate(subject, { report }) {
    // What KEDA made for a ScaledObject, or another operator for an object of its own, is judged there.
    if (isControlled(subject.object)) return;
    const conflicts =
      subject.kind.kind === verticalAutoscalerKind.kind
        ? conflictsOfVertical(subject as RelationSubject<VerticalPodAutoscaler>)
        : conflictsOfScaler(subject as RelationSubject<HorizontalPodAutoscaler | ScaledObject>);
    for (const conflict of conflicts) {
      // For the compiler, to whom each message has data of its own.
      if (conflict.message === 'replicas') report(conflict);
      else if (conflict.message === 'requests') report(conflict);
      else report(conflict);
    }
  },
});
