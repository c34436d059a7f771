import { grouping } from './grouping.ts';
import { property, text } from './json.ts';
import { isKeptByKeda, scaledObjectKind, scaledObjectTarget, type ScaledObject } from './keda.ts';
import type { HorizontalPodAutoscaler } from './kubernetes.ts';
import { scaleTargetKey, targetKeyOf } from './scale-targets.ts';
import type { Facts, ObjectSubject } from './subjects.ts';

/** What an autoscaler says about the number of replicas of its target. */
export interface Autoscaler {
  readonly kind: 'HorizontalPodAutoscaler' | 'ScaledObject';
  readonly name: string;
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
export function autoscalersOf(workload: Scaled): readonly Autoscaler[] {
  const { facts, namespace, kind, name } = workload;
  const scaledObjects =
    facts?.has(scaledObjectKind) === true
      ? (byScaledTarget(facts.list(scaledObjectKind, namespace)).get(targetKeyOf(kind, name)) ?? [])
      : [];
  const autoscalers =
    facts?.has('HorizontalPodAutoscaler') === true
      ? (byTarget(facts.list('HorizontalPodAutoscaler', namespace)).get(targetKeyOf(kind, name)) ?? [])
      : [];
  return [
    ...scaledObjects.map(asScaler),
    ...autoscalers
      .filter((autoscaler) => !scaledObjects.some((scaledObject) => isKeptByKeda(autoscaler, scaledObject)))
      .map(asAutoscaler),
  ];
}

const byTarget = grouping(({ spec }: HorizontalPodAutoscaler) => {
  const key = scaleTargetKey(property(spec, 'scaleTargetRef'));
  return key === undefined ? [] : [key];
});
const byScaledTarget = grouping((scaledObject: ScaledObject) => {
  const key = scaledObjectTarget(scaledObject);
  return key === undefined ? [] : [key];
});

function asAutoscaler({ metadata, spec }: HorizontalPodAutoscaler): Autoscaler {
  const minReplicas = numberOr(property(spec, 'minReplicas'), 1);
  return {
    kind: 'HorizontalPodAutoscaler',
    name: text(metadata?.name) ?? '',
    minReplicas,
    maxReplicas: numberOr(property(spec, 'maxReplicas'), minReplicas),
  };
}

function asScaler({ metadata, spec }: ScaledObject): Autoscaler {
  return {
    kind: 'ScaledObject',
    name: text(metadata?.name) ?? '',
    minReplicas: numberOr(property(spec, 'minReplicaCount'), 0),
    maxReplicas: numberOr(property(spec, 'maxReplicaCount'), 100),
  };
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}
