import {
  autoscalersOf,
  definePolicy,
  isControlled,
  isRecord,
  property,
  scaledObjectKind,
  type Autoscaler,
  type RelationSubject,
  type Workload,
} from '#sdk';
import { z } from 'zod';
import { isReplicasWritten } from './written-replicas.ts';

export default definePolicy({
  id: 'forbid-replicas-with-hpa',
  category: 'autoscaling',
  title: 'Forbid fixed replicas beside an autoscaler',
  severity: 'medium',
  target: 'relation',
  // Whatever can be scaled, the custom kinds in the settings included.
  kinds: ['Workload'],
  facts: ['HorizontalPodAutoscaler'],
  optionalFacts: [scaledObjectKind],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    fixed:
      '{kind} {name} has replicas in its manifest, although {scaler} {autoscaler} scales it: every apply undoes that.',
  },
  why: 'An apply in the rush hour takes away the replicas that the load has called for, and the autoscaler needs minutes to bring them back.',
  remediation:
    'Set the fewest replicas at the {scaler} {autoscaler}, and remove spec.replicas once the workload runs: first with kubectl apply edit-last-applied, where kubectl apply wrote it.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
  ],
  validate(subject, { report }) {
    const autoscaler = opponent(subject);
    if (autoscaler === undefined) return;
    const data = { scaler: autoscaler.kind, autoscaler: autoscaler.name };
    report({ message: 'fixed', at: subject.at('spec', 'replicas'), data });
  },
  fix: {
    safety: 'suggestion',
    resolves: ['fixed'],
    apply(draft, { subject }) {
      if (opponent(subject) !== undefined && isRecord(draft.spec)) delete draft.spec['replicas'];
    },
  },
});

/** The autoscaler that a written number of replicas fights. Zero switches it off, which is no fight. */
function opponent(subject: RelationSubject<Workload>): Autoscaler | undefined {
  const { object, kind } = subject;
  const replicas = property(object.spec, 'replicas');
  if (kind.scalable !== true || typeof replicas !== 'number' || replicas === 0) return undefined;
  if (isControlled(object) || !isReplicasWritten(object)) return undefined;
  return autoscalersOf(subject)[0];
}
