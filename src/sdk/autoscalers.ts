import { grouping } from './grouping.ts';
import { property } from './json.ts';
import { isKeptByKeda, scaledObjectKind, scaledObjectTarget, type ScaledObject } from './keda.ts';
import type { HorizontalPodAutoscaler } from './kubernetes.ts';
import { remember, rememberOf } from './remember.ts';
import { resourceMetrics, resourceTriggers, type ResourceMetric } from './scaling-metrics.ts';
import { scaleTargetKey, targetKeyOf } from './scale-targets.ts';
import type { Facts, ObjectSubject } from './subjects.ts';
import { objectName } from './workload-names.ts';

/** What an autoscaler says about the number of replicas of its target. */
export interface Autoscaler {
  readonly kind: 'HorizontalPodAutoscaler' | 'ScaledObject';
  readonly name: string;
  /** What it measures of the containers. */
  readonly metrics: readonly ResourceMetric[];
  /** One where a HorizontalPodAutoscaler says nothing (API reference), none where a ScaledObject does. */
  readonly minReplicas: number;
  /** As many as the minimum where a HorizontalPodAutoscaler says nothing, 100 where a ScaledObject does. */
  readonly maxReplicas: number;
}

type Scaled = Pick<ObjectSubject<unknown>, 'namespace' | 'name' | 'kind'> & {
  readonly facts: Facts | undefined;
};

/**
 * What decides how many replicas a workload has, where it is known; the first of `autoscalersOf`. Never throws.
 *
 * @example
 * const replicas = autoscalerOf(subject)?.minReplicas ?? object.spec?.replicas ?? 1;
 */
export function autoscalerOf(workload: Scaled): Autoscaler | undefined {
  return autoscalersOf(workload)[0];
}

/**
 * Everything that decides how many replicas a workload has: ScaledObjects of KEDA, and HorizontalPodAutoscalers that
 * are not kept by one of those. A policy that uses it has both kinds among its facts. Never throws.
 *
 * @example
 * const [autoscaler] = autoscalersOf(subject);
 * const most = autoscaler?.maxReplicas ?? object.spec?.replicas ?? 1;
 */
export function autoscalersOf({ facts, namespace, kind, name }: Scaled): readonly Autoscaler[] {
  return facts === undefined ? [] : autoscalersOfTarget(targetKeyOf(kind, name), facts, namespace);
}

/**
 * The same by what the autoscalers point at.
 *
 * @param target as `scaleTargetKey` or `scaledObjectTarget` gives it
 */
export function autoscalersOfTarget(
  target: string,
  facts: Facts,
  namespace: string | undefined,
): readonly Autoscaler[] {
  const scaledObjects = facts.has(scaledObjectKind) ? facts.list(scaledObjectKind, namespace) : none;
  const autoscalers = facts.has('HorizontalPodAutoscaler')
    ? facts.list('HorizontalPodAutoscaler', namespace)
    : none;
  return byLists(scaledObjects)(autoscalers)(target);
}

const none: readonly never[] = [];

/** Targets whose autoscalers are kept. */
const mostTargets = 10_000;

/** Each of many workloads, budgets and claims asks for the same target: what scales it is read once. */
const byLists = rememberOf((scaledObjects: readonly ScaledObject[]) =>
  rememberOf((autoscalers: readonly HorizontalPodAutoscaler[]) =>
    remember(mostTargets, (target): readonly Autoscaler[] => {
      const scaling = byScaledTarget(scaledObjects).get(target) ?? none;
      const horizontal = byTarget(autoscalers).get(target) ?? none;
      return [
        ...scaling.map(asScaler),
        ...horizontal.filter((autoscaler) => !isKeptByKeda(autoscaler, scaling)).map(asAutoscaler),
      ];
    }),
  ),
);

const byTarget = grouping(({ spec }: HorizontalPodAutoscaler) => {
  const key = scaleTargetKey(property(spec, 'scaleTargetRef'));
  return key === undefined ? [] : [key];
});
const byScaledTarget = grouping((scaledObject: ScaledObject) => {
  const key = scaledObjectTarget(scaledObject);
  return key === undefined ? [] : [key];
});

function asAutoscaler(object: HorizontalPodAutoscaler): Autoscaler {
  const minReplicas = numberOr(property(object.spec, 'minReplicas'), 1);
  return {
    kind: 'HorizontalPodAutoscaler',
    name: objectName(object),
    minReplicas,
    maxReplicas: numberOr(property(object.spec, 'maxReplicas'), minReplicas),
    metrics: resourceMetrics(object),
  };
}

function asScaler(object: ScaledObject): Autoscaler {
  return {
    kind: 'ScaledObject',
    name: objectName(object),
    minReplicas: numberOr(property(object.spec, 'minReplicaCount'), 0),
    maxReplicas: numberOr(property(object.spec, 'maxReplicaCount'), 100),
    metrics: resourceTriggers(object),
  };
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}
