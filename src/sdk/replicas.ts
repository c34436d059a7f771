import { autoscalersOf, type Autoscaler } from './autoscalers.ts';
import { property, text } from './json.ts';
import { builtinKinds } from './kinds.ts';
import type { Facts, WorkloadFact } from './subjects.ts';

/** How many pods a workload keeps. */
export interface ReplicaRange {
  readonly fewest: number;
  readonly most: number;
  /** What moves it between the two, where anything known does. */
  readonly autoscaler: Autoscaler | undefined;
}

/**
 * How many pods a workload keeps, by its own `replicas` or by what scales it; undefined for what nodes or work
 * decide about (DaemonSets, Jobs) and for custom kinds that are not said to scale. At zero replicas no autoscaler
 * does anything. A policy that uses it has HorizontalPodAutoscaler and ScaledObject among its facts. Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation
 *
 * @example replicaRange(workload, facts)?.fewest // 2
 */
export function replicaRange(
  { kind, object, namespace }: Pick<WorkloadFact, 'kind' | 'object' | 'namespace'>,
  facts: Facts | undefined,
): ReplicaRange | undefined {
  if (kind === builtinKinds.Pod) return { fewest: 1, most: 1, autoscaler: undefined };
  if (kind.scalable !== true) return undefined;
  const replicas = property(object.spec, 'replicas') ?? 1;
  if (typeof replicas !== 'number') return undefined;
  const name = text(object.metadata?.name) ?? '';
  const [autoscaler] = replicas === 0 ? [] : autoscalersOf({ facts, namespace, kind, name });
  return {
    fewest: autoscaler?.minReplicas ?? replicas,
    most: autoscaler?.maxReplicas ?? replicas,
    autoscaler,
  };
}
