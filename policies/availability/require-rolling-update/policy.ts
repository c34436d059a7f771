import {
  autoscalerOf,
  definePolicy,
  isControlled,
  isRecord,
  property,
  scaledObjectKind,
  scaledValue,
  type DaemonSet,
  type Deployment,
  type ObjectSubject,
  type StatefulSet,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-rolling-update',
  category: 'availability',
  title: 'Require a rolling update',
  severity: 'high',
  target: 'object',
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet'],
  optionalFacts: ['HorizontalPodAutoscaler', scaledObjectKind],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    allowOnDelete: z
      .boolean()
      .default(false)
      .describe('Leave StatefulSets and DaemonSets alone whose pods somebody else replaces (OnDelete)'),
  }),
  messages: {
    recreate: '{kind} {name} stops all {replicas} replicas before it starts new ones (Recreate).',
    allReplicas:
      '{kind} {name} may stop all {replicas} replicas at once in an update (maxUnavailable {value}).',
    allNodes: '{kind} {name} may stop its pods on all nodes at once in an update (maxUnavailable {value}).',
    stuck: '{kind} {name} may neither stop a pod nor start another in an update: Kubernetes refuses that.',
    onDelete: '{kind} {name} is not updated until somebody deletes its pods (OnDelete).',
  },
  why: 'An update that stops everything first is an outage each time, and one that lasts until somebody notices if the new version does not start.',
  remediation: {
    recreate: 'Set spec.strategy.type: RollingUpdate with maxUnavailable 0 and maxSurge 1.',
    allReplicas: 'Set maxUnavailable to a number below that of the replicas, such as 1.',
    allNodes: 'Set maxUnavailable to 1, or to a percentage that the cluster can spare.',
    stuck: 'Set one of maxUnavailable and maxSurge to 1.',
    onDelete: 'Set spec.updateStrategy.type: RollingUpdate.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy',
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies',
    'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/',
  ],
  validate(subject, { params, report }) {
    const { object, kind, at } = subject;
    const field = kind.kind === 'Deployment' ? 'strategy' : 'updateStrategy';
    const strategy = property(object.spec, field);
    // RollingUpdate is the default, with a quarter of the replicas, or one pod, at a time.
    if (!isRecord(strategy)) return;
    const type = strategy['type'] ?? 'RollingUpdate';
    const typePlace = at('spec', field, 'type');
    if (type === 'OnDelete') {
      if (!params.allowOnDelete && !isControlled(object)) report({ message: 'onDelete', at: typePlace });
    } else if (type === 'Recreate') {
      const replicas = replicasOf(subject)?.most;
      if (replicas !== undefined) report({ message: 'recreate', at: typePlace, data: { replicas } });
    } else if (type === 'RollingUpdate') {
      const rolling = strategy['rollingUpdate'];
      const place = at('spec', field, 'rollingUpdate', 'maxUnavailable');
      const value = maxUnavailableIn(rolling, subject);
      if (value === undefined) return;
      if (isStuck(kind.kind, value, property(rolling, 'maxSurge'))) {
        report({ message: 'stuck', at: place });
      } else if (kind.kind === 'DaemonSet') {
        // How many nodes there are is nowhere in the object.
        if (typeof value === 'string' && takesAll(value, 100))
          report({ message: 'allNodes', at: place, data: { value } });
      } else {
        const replicas = replicasOf(subject)?.fewest;
        if (replicas === undefined || !takesAll(value, replicas)) return;
        report({ message: 'allReplicas', at: place, data: { replicas, value } });
      }
    }
  },
});

/**
 * What counts. Without the feature gate MaxUnavailableStatefulSet, which is off in every release so far, the API server
 * drops the field from each StatefulSet that is created, and one pod is replaced at a time: what has a uid was stored
 * with it, where the gate is on.
 *
 * Source: kubernetes/pkg/registry/apps/statefulset/strategy.go, dropStatefulSetDisabledFields.
 */
function maxUnavailableIn(rolling: unknown, { kind, object }: ObjectSubject): number | string | undefined {
  if (kind.kind === 'StatefulSet' && object.metadata?.uid == null) return undefined;
  const value = property(rolling, 'maxUnavailable');
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

function takesAll(maxUnavailable: number | string, replicas: number): boolean {
  return (scaledValue(maxUnavailable, replicas, 'down') ?? 0) >= replicas;
}

/** A StatefulSet takes one pod down where its number comes to none; the others need room for one more instead. */
function isStuck(kind: string, maxUnavailable: unknown, maxSurge: unknown): boolean {
  // Absent, it is a quarter for a Deployment and none for a DaemonSet.
  const surge = maxSurge ?? (kind === 'Deployment' ? 1 : 0);
  return kind !== 'StatefulSet' && isZero(maxUnavailable) && isZero(surge);
}

function isZero(value: unknown): boolean {
  return scaledValue(value, 100, 'up') === 0;
}

/** How many replicas there are; undefined for less than two, which no update keeps up without room for another. */
function replicasOf(
  subject: ObjectSubject<Deployment | StatefulSet | DaemonSet>,
): { readonly fewest: number; readonly most: number } | undefined {
  const own = property(subject.object.spec, 'replicas') ?? 1;
  // At zero an autoscaler is switched off.
  if (typeof own !== 'number' || own === 0) return undefined;
  const autoscaler = autoscalerOf(subject);
  const most = Math.max(own, autoscaler?.maxReplicas ?? 0);
  return most < 2 ? undefined : { fewest: Math.max(2, autoscaler?.minReplicas ?? own), most };
}
