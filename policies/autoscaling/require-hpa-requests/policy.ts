import {
  builtinKinds,
  definePolicy,
  isControlled,
  isZero,
  namespaceDefault,
  parseQuantity,
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
      if (!isUtilization) continue;
      const question = JSON.stringify([resource, container]);
      if (!known.has(question)) {
        const isGiven = namespaceDefault(facts, namespace, 'requests', resource) !== undefined;
        const missing = withoutRequest(workload.podSpec, resource, container, { isGiven, kubernetesMinor });
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

interface Surroundings {
  /** Whether a LimitRange writes a request into containers that state none. */
  readonly isGiven: boolean;
  readonly kubernetesMinor: number;
}

/**
 * The measured containers without a request, those that start a pod left out: they are gone when it is measured. Where
 * each of them requests zero it is all of them: nothing can be divided by their sum.
 *
 * Source: kubernetes/pkg/controller/podautoscaler/replica_calculator.go, calculateRequests; GetResourceUtilizationRatio
 * in metrics/utilization.go there.
 */
function withoutRequest(
  podSpec: PodSpec,
  resource: string,
  container: string | undefined,
  { isGiven, kubernetesMinor }: Surroundings,
): readonly string[] {
  const sidecars = records(podSpec.initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const containers: readonly Container[] = [...records(podSpec.containers), ...sidecars];
  const isPodLevel =
    kubernetesMinor >= podLevelSince &&
    ['cpu', 'memory'].some((name) => requested(podSpec, name) !== 'nothing');
  // With resources of the whole pod those count, and what containers request is added up where they have none; a metric
  // of one container goes by that one all the same.
  if (container === undefined && isPodLevel) {
    if ([podSpec, ...containers].some((part) => requested(part, resource) === 'an amount')) return [];
  }
  const measured = containers.filter(({ name }) => container === undefined || name === container);
  const silent = isGiven ? [] : measured.filter((part) => requested(part, resource) === 'nothing');
  const isZeroInAll = measured.every((part) => requested(part, resource) === 'zero');
  return (isZeroInAll ? measured : silent).map(({ name }) => text(name) ?? '');
}

/** What is stated: a limit without a request is the request, too, and null is zero. */
function requested({ resources }: PodSpec | Container, resource: string): 'nothing' | 'zero' | 'an amount' {
  const own: unknown = property(resources?.requests, resource);
  const stated = own === undefined ? (property(resources?.limits, resource) as unknown) : own;
  if (stated === undefined) return 'nothing';
  const quantity = parseQuantity(stated ?? '0');
  // What is no quantity is somebody else's finding.
  return quantity !== undefined && isZero(quantity) ? 'zero' : 'an amount';
}
