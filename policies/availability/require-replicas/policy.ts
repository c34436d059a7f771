import {
  autoscalerOf,
  definePolicy,
  isControlled,
  isRecord,
  list,
  property,
  records,
  scaledObjectKind,
  type ObjectSubject,
  type Workload,
} from '#sdk';
import { z } from 'zod';

/** Kinds whose number of replicas is somebody else's business where a controller owns the object. */
const madeByOthers: ReadonlySet<string> = new Set(['ReplicaSet', 'ReplicationController']);

export default definePolicy({
  id: 'require-replicas',
  category: 'availability',
  title: 'Require several replicas',
  severity: 'high',
  target: 'object',
  // Every kind that has a scale subresource, the custom ones in the settings included.
  kinds: ['Workload'],
  subresources: ['scale'],
  optionalFacts: ['HorizontalPodAutoscaler', scaledObjectKind],
  profiles: { baseline: 'warn', production: { action: 'deny', params: { min: 3 } } },
  params: z.strictObject({
    min: z.int().min(1).default(2).describe('Fewest replicas'),
    allowZero: z.boolean().default(true).describe('Leave workloads alone that are scaled to zero'),
    default: z.int().min(1).optional().describe('Replicas that the fix writes, raised to min where lower'),
  }),
  messages: {
    tooFew: '{kind} {name} has {replicas} of at least {min} replicas.',
    autoscaled:
      '{kind} {name} may be scaled down to {replicas} of at least {min} replicas by its {scaler} {autoscaler}.',
  },
  why: 'With one replica every drained node, every crash and every rollout is an outage; with two, one of them at the wrong moment still is.',
  remediation: {
    tooFew:
      'Set spec.replicas to at least {min}, once several pods can do the work side by side, also where an autoscaler is to take over.',
    autoscaled: 'Let the {scaler} {autoscaler} keep at least {min} replicas.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas',
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
  ],
  validate(subject, { params, report }) {
    const { object, kind, at } = subject;
    if (kind.scalable !== true || (madeByOthers.has(kind.kind) && isControlled(object))) return;
    // Absent means one, but a Scale leaves out its zero (autoscaling/v1 ScaleSpec, omitempty).
    const replicas = property(object.spec, 'replicas') ?? (object.kind === 'Scale' ? 0 : 1);
    // At zero an autoscaler is switched off, too.
    if (typeof replicas !== 'number' || (replicas === 0 && params.allowZero)) return;
    const autoscaler = replicas === 0 ? undefined : autoscalerOf(subject);
    const { min } = params;
    if (autoscaler === undefined) {
      if (replicas < min) report({ message: 'tooFew', at: at('spec', 'replicas'), data: { replicas, min } });
    } else if (autoscaler.minReplicas < min && !(autoscaler.minReplicas === 0 && params.allowZero)) {
      const { kind: scaler, name, minReplicas } = autoscaler;
      const data = { replicas: minReplicas, min, scaler, autoscaler: name };
      report({ message: 'autoscaled', at: at('spec', 'replicas'), data });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['tooFew'],
    requires: ['default'],
    apply(object, { params, subject }) {
      if (params.default === undefined || keepsData(subject)) return;
      object.spec ??= {};
      if (isRecord(object.spec)) object.spec['replicas'] = Math.max(params.default, params.min);
    },
  },
});

/**
 * Whether pods write to disks of their own, or are never meant to run side by side (Recreate): more of them are
 * several databases, or wait for a disk that another one has.
 */
function keepsData({ object, pod }: ObjectSubject<Workload>): boolean {
  const { spec } = object;
  if (property(property(spec, 'strategy'), 'type') === 'Recreate') return true;
  if (list(property(spec, 'volumeClaimTemplates') as readonly unknown[] | undefined).length > 0) return true;
  return records(pod?.podSpec.volumes).some(
    ({ persistentVolumeClaim: claim }) => claim != null && claim.readOnly !== true,
  );
}
