import {
  budgetSelector,
  builtinKinds,
  definePolicy,
  fewNames,
  isControlled,
  percentageOf,
  property,
  replicaRange,
  scaledObjectKind,
  scaledValue,
  topOwners,
  workloadName,
  workloadsSelectedBy,
  type Facts,
  type PodDisruptionBudget,
  type WorkloadFact,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-blocking-pdb',
  category: 'availability',
  title: 'Forbid a PodDisruptionBudget that blocks every eviction',
  severity: 'high',
  // Not a relation: what allows no eviction by itself is found without knowing the pods.
  target: 'object',
  kinds: ['PodDisruptionBudget'],
  optionalFacts: ['Workload', 'HorizontalPodAutoscaler', scaledObjectKind],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: {
    alone: 'PodDisruptionBudget {name} has {field} {value}, which allows no eviction.',
    unset:
      'PodDisruptionBudget {name} sets neither minAvailable nor maxUnavailable, and Kubernetes then allows no eviction.',
    replicas:
      'PodDisruptionBudget {name} keeps at least {wanted} available of the pods it selects, {pods} in all, which allows no eviction: {workloads}.',
    uncountable:
      'PodDisruptionBudget {name} has {field} {value} and selects {workload}, whose pods Kubernetes cannot count for that: while there is one, it allows no eviction.',
  },
  why: 'A drain waits for such a budget for ever: node upgrades and the autoscaler of the cluster stop, until somebody deletes the budget at night and the pods have no protection at all.',
  remediation: {
    alone: 'Set spec.maxUnavailable: 1, and no minAvailable beside it.',
    unset: 'Set spec.maxUnavailable: 1.',
    replicas: 'Set spec.maxUnavailable: 1 instead of minAvailable, or run more replicas.',
    uncountable:
      'Set spec.selector so that it selects pods of Deployments, StatefulSets and their like only, or use minAvailable with a number.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors',
  ],
  validate({ object, namespace, facts, at }, { report }) {
    // An operator that blocks the drain of a primary or of a storage node does so on purpose, and for a while.
    if (isControlled(object)) return;
    if (isUnset(object)) {
      report({ message: 'unset', at: at('spec', 'maxUnavailable') });
      return;
    }
    const limit = limitOf(object);
    if (limit === undefined) return;
    const { field, value, percentage } = limit;
    if (field === 'maxUnavailable' ? value === 0 || percentage === 0 : percentage === 100) {
      report({ message: 'alone', at: at('spec', field), data: { field, value } });
      return;
    }
    const selected = facts?.has('Workload') === true ? selectedBy(object, facts, namespace) : [];
    const needsScale = field === 'maxUnavailable' || percentage !== undefined;
    const pods = podsOf(selected, facts);
    const uncountable = needsScale ? pods.uncountable : undefined;
    if (uncountable !== undefined) {
      const data = { field, value, workload: workloadName(uncountable) };
      report({ message: 'uncountable', at: at('spec', field), data });
    }
    if (field !== 'minAvailable' || pods.isUnknown || pods.total === 0) return;
    const wanted = scaledValue(value, pods.scaled, 'up') ?? 0;
    if (wanted < pods.total) return;
    report({
      message: 'replicas',
      at: at('spec', field),
      data: { wanted, pods: pods.total, workloads: fewNames(pods.counts, '; ') },
    });
  },
});

interface Limit {
  readonly field: 'maxUnavailable' | 'minAvailable';
  readonly value: number | string;
  readonly percentage: number | undefined;
}

/**
 * Whether it names neither number. The disruption controller then expects no pods, and allows no eviction of those that
 * it selects while it expects none.
 *
 * Source: kubernetes/pkg/controller/disruption/disruption.go, getExpectedPodCount and updatePdbStatus.
 */
function isUnset(budget: PodDisruptionBudget): boolean {
  const stated = property(budget.spec, 'maxUnavailable') ?? property(budget.spec, 'minAvailable');
  return stated == null && budgetSelector(budget) !== undefined;
}

/** Undefined where there is none, or one that Kubernetes would not take. */
function limitOf({ spec }: PodDisruptionBudget): Limit | undefined {
  for (const field of ['maxUnavailable', 'minAvailable'] as const) {
    const value: unknown = property(spec, field) ?? undefined;
    if (value === undefined) continue;
    const percentage = percentageOf(value);
    if (percentage !== undefined) return { field, value: `${percentage}%`, percentage };
    return typeof value === 'number' ? { field, value, percentage } : undefined;
  }
  return undefined;
}

function selectedBy(
  budget: PodDisruptionBudget,
  facts: Facts,
  namespace: string | undefined,
): readonly WorkloadFact[] {
  return topOwners(workloadsSelectedBy(budgetSelector(budget), facts, namespace));
}

interface Pods {
  /** Pods of what has a number of replicas. */
  readonly scaled: number;
  /** Those and bare Pods. */
  readonly total: number;
  /** Whether there may be more than that. */
  readonly isUnknown: boolean;
  /** What makes Kubernetes give up where it has to know how many pods are expected. */
  readonly uncountable: WorkloadFact | undefined;
  readonly counts: readonly string[];
}

/**
 * As the disruption controller expects them: a percentage is one of what the `scale` of the controllers says, a pod
 * whose controller has no scale is an error that allows nothing, and bare Pods count as available, but not as expected.
 *
 * Source: kubernetes/pkg/controller/disruption/disruption.go, getExpectedPodCount and getExpectedScale.
 */
function podsOf(selected: readonly WorkloadFact[], facts: Facts | undefined): Pods {
  const counts: string[] = [];
  let scaled = 0;
  let bare: WorkloadFact | undefined;
  let total = 0;
  let isUnknown = false;
  let uncountable: WorkloadFact | undefined;
  for (const workload of selected) {
    if (runsOnce.has(workload.kind) && isHook(workload)) continue;
    const range = isTransient(workload) ? undefined : replicaRange(workload, facts);
    if (range === undefined) {
      isUnknown = true;
      if (hasNoScale(workload)) uncountable ??= workload;
      continue;
    }
    // What may go down to nothing gets out of the way by itself, unless it blocks at its largest, too.
    const { autoscaler, fewest, most } = range;
    const pods = fewest === 0 ? most : fewest;
    total += pods;
    if (workload.kind === builtinKinds.Pod) bare ??= workload;
    else scaled += pods;
    const minimum =
      autoscaler === undefined
        ? ''
        : `, the ${fewest === 0 ? 'maximum' : 'minimum'} of ${autoscaler.kind} ${autoscaler.name}`;
    if (pods > 0) counts.push(`${workloadName(workload)} has ${pods}${minimum}`);
  }
  if (scaled === 0 && !isUnknown) uncountable ??= bare;
  return { scaled, total, isUnknown, uncountable, counts };
}

/** Pods that end by themselves, or that come and go as a controller of its own wants it. */
function isTransient({ kind, object, podSpec }: WorkloadFact): boolean {
  if (kind !== builtinKinds.Pod) return false;
  return isControlled(object) || (podSpec.restartPolicy ?? 'Always') !== 'Always';
}

const withoutScale: ReadonlySet<unknown> = new Set([
  builtinKinds.DaemonSet,
  builtinKinds.Job,
  builtinKinds.CronJob,
]);
const runsOnce: ReadonlySet<unknown> = new Set([builtinKinds.Pod, builtinKinds.Job]);
const hooks = ['helm.sh/hook', 'argocd.argoproj.io/hook'];

/** Nearly every chart has a Pod that tests it, with the labels of the others: such runs for a moment. */
function isHook({ object }: WorkloadFact): boolean {
  return hooks.some((hook) => property(object.metadata?.annotations, hook) !== undefined);
}

function hasNoScale(workload: WorkloadFact): boolean {
  return withoutScale.has(workload.kind) && !isHook(workload);
}
