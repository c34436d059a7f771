import {
  builtinKinds,
  definePolicy,
  isControlled,
  namespaceDefault,
  property,
  records,
  resourceMetrics,
  resourceTriggers,
  scaledObjectKind,
  scaledObjectTarget,
  scaledWorkload,
  scaleTargetKey,
  text,
  workloadName,
  type Container,
  type HorizontalPodAutoscaler,
  type PodSpec,
  type ResourceMetric,
  type ScaledObject,
} from '#sdk';
import { z } from 'zod';

/** The autoscaler reads `spec.resources` of pods since then. */
const podLevelSince = 34;

export default definePolicy({
  id: 'require-hpa-requests',
  category: 'autoscaling',
  title: 'Require the requests that an autoscaler measures by',
  severity: 'medium',
  target: 'relation',
  kinds: ['HorizontalPodAutoscaler', scaledObjectKind],
  facts: ['Workload'],
  optionalFacts: ['LimitRange'],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    missing:
      '{kind} {name} goes by how much of the requested {resource} is used, and {workload} requests none in {containers}.',
  },
  why: 'A share of nothing is no number: with one container that requests none the autoscaler gives up on the whole pod, and scales neither up nor down.',
  remediation:
    'Set resources.requests.{resource} in {containers} of {workload}, or give the metric a target of type AverageValue.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work',
    'https://keda.sh/docs/latest/scalers/cpu/#prerequisites',
  ],
  validate({ object, kind, namespace, kubernetesMinor, facts, at }, { report }) {
    // What KEDA made for a ScaledObject is judged there.
    if (isControlled(object)) return;
    const { target, metrics } =
      kind === builtinKinds.HorizontalPodAutoscaler ? ofAutoscaler(object) : ofScaledObject(object);
    const workload = scaledWorkload(target, facts, namespace);
    if (workload === undefined) return;
    // Thousands of metrics may ask the same of thousands of containers.
    const known = new Map<string, string | undefined>();
    for (const { resource, container, isUtilization, at: place } of metrics) {
      if (!isUtilization || namespaceDefault(facts, namespace, 'requests', resource) !== undefined) continue;
      const question = JSON.stringify([resource, container]);
      if (!known.has(question)) {
        const missing = withoutRequest(workload.podSpec, resource, container, kubernetesMinor);
        known.set(question, missing.length === 0 ? undefined : missing.join(', '));
      }
      const containers = known.get(question);
      if (containers === undefined) continue;
      report({
        message: 'missing',
        at: at(...place),
        data: { resource, workload: workloadName(workload), containers },
      });
    }
  },
});

interface Measured {
  readonly target: string | undefined;
  readonly metrics: readonly ResourceMetric[];
}

function ofAutoscaler(autoscaler: HorizontalPodAutoscaler): Measured {
  return {
    target: scaleTargetKey(property(autoscaler.spec, 'scaleTargetRef')),
    metrics: resourceMetrics(autoscaler),
  };
}

function ofScaledObject(scaledObject: ScaledObject): Measured {
  return { target: scaledObjectTarget(scaledObject), metrics: resourceTriggers(scaledObject) };
}

/**
 * The measured containers without a request, those that start a pod left out: they are gone when it is measured.
 *
 * Source: kubernetes/pkg/controller/podautoscaler/replica_calculator.go, calculateRequests.
 */
function withoutRequest(
  podSpec: PodSpec,
  resource: string,
  container: string | undefined,
  kubernetesMinor: number,
): readonly string[] {
  const sidecars = records(podSpec.initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const containers: readonly Container[] = [...records(podSpec.containers), ...sidecars];
  const isPodLevel =
    kubernetesMinor >= podLevelSince && ['cpu', 'memory'].some((name) => requests(podSpec, name));
  // With resources of the whole pod those count, and what containers request is added up where they have none; a metric
  // of one container goes by that one all the same.
  if (container === undefined && isPodLevel) {
    if ([podSpec, ...containers].some((part) => requests(part, resource))) return [];
  }
  return containers
    .filter(({ name }) => container === undefined || name === container)
    .filter((part) => !requests(part, resource))
    .map(({ name }) => text(name) ?? '');
}

/** A limit without a request is the request, too. */
function requests({ resources }: PodSpec | Container, resource: string): boolean {
  return [resources?.requests, resources?.limits].some((amounts) => property(amounts, resource) != null);
}
