import {
  autoscalerOf,
  budgetsOf,
  definePolicy,
  isControlled,
  property,
  scaledObjectKind,
  type RelationSubject,
} from '#sdk';
import { z } from 'zod';

/** Kinds that need no budget of their own where a controller owns the object. */
const madeByOthers: ReadonlySet<string> = new Set(['ReplicaSet', 'ReplicationController']);

export default definePolicy({
  id: 'require-pod-disruption-budget',
  category: 'availability',
  title: 'Require a PodDisruptionBudget',
  severity: 'medium',
  target: 'relation',
  // Whatever can be scaled, the custom kinds in the settings included.
  kinds: ['Workload'],
  facts: ['PodDisruptionBudget'],
  optionalFacts: ['HorizontalPodAutoscaler', scaledObjectKind],
  profiles: { production: 'warn' },
  params: z.strictObject({
    minReplicas: z.int().min(1).default(2).describe('Leave workloads with fewer replicas alone'),
  }),
  messages: {
    missing: '{kind} {name} has {replicas} replicas and no PodDisruptionBudget selects them.',
  },
  why: 'Whoever drains nodes evicts as many pods at once as the budget allows: without one, a cluster upgrade may take all replicas down together.',
  remediation:
    'Add a PodDisruptionBudget (policy/v1) in the same namespace with maxUnavailable: 1 and a selector that matches the labels of the pods.',
  references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  validate(subject, { params, report }) {
    const { object, kind, namespace, facts, pod, at } = subject;
    if (pod === undefined || kind.scalable !== true) return;
    if (madeByOthers.has(kind.kind) && isControlled(object)) return;
    const replicas = fewestReplicas(subject);
    if (replicas < params.minReplicas) return;
    if (budgetsOf(pod.podMetadata.labels, facts, namespace).length > 0) return;
    report({ message: 'missing', at: at('metadata', 'name'), data: { replicas } });
  },
});

/** The number it never goes below: an autoscaler's minimum where one is known, `spec.replicas` elsewhere. */
function fewestReplicas(subject: RelationSubject): number {
  const replicas = property(property(subject.object, 'spec'), 'replicas') ?? 1;
  if (typeof replicas !== 'number' || replicas === 0) return 0;
  return autoscalerOf(subject)?.minReplicas ?? replicas;
}
