import { entries, isRecord, records, text } from './json.ts';
import { customKind, keysOfKind, type CustomKind } from './kinds.ts';
import type { LabelSelector } from './kubernetes.ts';
import { labelIndex, type LabelIndex } from './label-index.ts';
import type { Labels } from './label-selector.ts';
import { areOperated, operatedKinds } from './operators.ts';
import { asWorkload } from './pods.ts';
import { rememberOf } from './remember.ts';
import type { Facts, Workload, WorkloadFact } from './subjects.ts';

const spec = { namespaced: true, template: ['spec', 'template'] };

/** Argo's Rollout, which stands in for a Deployment. Source: https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
export const rolloutKind: CustomKind<Workload> = customKind({
  ...spec,
  group: 'argoproj.io',
  versions: ['v1alpha1'],
  kind: 'Rollout',
  resource: 'rollouts',
});

/** Kinds with a pod template. Source: as above, and https://openkruise.io/docs/ */
const templateKinds: readonly CustomKind<Workload>[] = [
  rolloutKind,
  customKind({
    ...spec,
    group: 'apps.kruise.io',
    versions: ['v1alpha1'],
    kind: 'CloneSet',
    resource: 'clonesets',
  }),
  customKind({
    ...spec,
    group: 'apps.kruise.io',
    versions: ['v1beta1'],
    kind: 'StatefulSet',
    resource: 'statefulsets',
  }),
  customKind({
    ...spec,
    group: 'apps.kruise.io',
    versions: ['v1alpha1'],
    kind: 'DaemonSet',
    resource: 'daemonsets',
  }),
];

/**
 * Well-known custom kinds that make pods: those with a pod template, which stand in for a Deployment and its like, and those
 * of operators. Policies name them as optional facts, so that what selects their pods is not said to select nothing.
 */
export const podMakerKinds: readonly CustomKind<Workload>[] = [...templateKinds, ...operatedKinds];

/** Labels that Kubernetes' own controllers write on pods, whatever the template says. */
const controllerLabels: ReadonlySet<string> = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
]);

/** Labels that well-known operators write on the pods they make, or on the one that leads. */
const operatorLabels: ReadonlySet<string> = new Set([
  'alertmanager',
  'app.kubernetes.io/managed-by',
  'prometheus',
  'rollouts-pod-template-hash',
  'spilo-role',
  'thanos-ruler',
  'vault-active',
  'vault-initialized',
  'vault-perf-standby',
  'vault-sealed',
  'vault-version',
]);

/** Labels that people write by themselves; other prefixes belong to whoever owns the domain. */
const commonPrefix = /^(?:app\.kubernetes\.io|helm\.sh)\//;

/**
 * Whether a label is one that operators write on what they make, if nothing at hand has it: that of a well-known
 * one, or one under a domain of somebody's.
 *
 * @example
 * isOperatorLabel('strimzi.io/cluster'); // true
 * isOperatorLabel('app.kubernetes.io/name'); // false
 */
export function isOperatorLabel(key: string): boolean {
  return operatorLabels.has(key) || (key.includes('/') && !commonPrefix.test(key));
}

const indexed = rememberOf((workloads: readonly WorkloadFact[]) => ({
  index: indexOf(workloads),
  kinds: new Set([...new Set(workloads.map(({ kind }) => kind))].flatMap(keysOfKind)),
}));
const indexedMakers = templateKinds.map((kind) =>
  rememberOf((objects: readonly Workload[]) =>
    indexOf(objects.flatMap((object) => asWorkload(kind, object, text(object.metadata?.namespace)) ?? [])),
  ),
);

function indexOf(workloads: readonly WorkloadFact[]): LabelIndex<WorkloadFact> {
  return labelIndex(workloads, ({ podMetadata }) => podMetadata.labels);
}

function indexesIn(facts: Facts, namespace: string | undefined): readonly LabelIndex<WorkloadFact>[] {
  const workloads = indexed(facts.workloads(namespace));
  const own = templateKinds.flatMap((kind, index) => {
    if (keysOfKind(kind).some((key) => workloads.kinds.has(key))) return [];
    return indexedMakers[index]?.(facts.list(kind, namespace)) ?? [];
  });
  return [workloads.index, ...own];
}

/**
 * What makes pods in a namespace that a label selector selects, by the labels of the pods. Labels that a pod gets
 * only when it is made (the hash of its template, its ordinal, its role) are not known. Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 *
 * @example
 * workloadsSelectedBy({ matchLabels: { app: 'web' } }, facts, 'shop'); // the Deployment web, its CronJob …
 */
export function workloadsSelectedBy(
  selector: LabelSelector | null | undefined,
  facts: Facts,
  namespace: string | undefined,
): readonly WorkloadFact[] {
  return indexed(facts.workloads(namespace)).index.matching(selector);
}

/**
 * What makes the pods that a selector selects, of all that is known in a namespace. Undefined where nobody can tell:
 * a well-known operator makes such pods from an object at hand, or the selector asks for labels that operators write on
 * pods they make, or that pods get while they run. Those are the labels of Kubernetes' own controllers and of well-known
 * operators, labels under a domain of somebody's that no template of the namespace has, and `runtimeLabels`. Never throws.
 *
 * @param selector one that Kubernetes takes; an empty one selects everything
 * @example
 * selectedWorkloads({ matchLabels: { app: 'web' } }, 'shop', facts); // [] where no pod template has that label
 * selectedWorkloads({ matchLabels: { 'strimzi.io/cluster': 'orders' } }, 'shop', facts); // undefined
 */
export function selectedWorkloads(
  selector: LabelSelector | null | undefined,
  namespace: string | undefined,
  facts: Facts,
  runtimeLabels: readonly string[] = [],
): readonly WorkloadFact[] | undefined {
  const indexes = indexesIn(facts, namespace);
  const matching = (wanted: LabelSelector | null | undefined) =>
    indexes.flatMap((index) => index.matching(wanted));
  const direct = matching(selector);
  if (direct.length > 0) return direct;
  if (areOperated(selector, { name: namespace }, facts)) return undefined;
  const isOperators = (key: string): boolean =>
    runtimeLabels.includes(key) || (isOperatorLabel(key) && !indexes.some((index) => index.hasKey(key)));
  const keys = demandedLabels(selector).filter((key) => controllerLabels.has(key) || isOperators(key));
  if (keys.length === 0) return direct;
  const rest = withoutKeys(selector, keys);
  if (demandedLabels(rest).length === 0) return undefined;
  const others = matching(rest);
  return others.length > 0 || keys.every((key) => controllerLabels.has(key)) ? others : undefined;
}

/**
 * The selector of a Service as a label selector. Undefined where there is none: such a Service has its endpoints
 * written by somebody else. Never throws.
 *
 * @example
 * labelSelectorOf({ app: 'web' }); // { matchLabels: { app: 'web' } }
 */
export function labelSelectorOf(selector: Labels): LabelSelector | undefined {
  return isRecord(selector) && entries(selector).length > 0 ? { matchLabels: selector } : undefined;
}

/**
 * The labels that a pod must have for the selector to match it. None where it asks for nothing, or only says which
 * pods are left out. Never throws.
 *
 * @example
 * demandedLabels({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'job', operator: 'DoesNotExist' }] }); // ['app']
 */
export function demandedLabels(selector: LabelSelector | null | undefined): readonly string[] {
  const expressions = records(selector?.matchExpressions).filter(
    ({ operator }) => operator === 'In' || operator === 'Exists',
  );
  return [
    ...entries(selector?.matchLabels).map(([key]) => key),
    ...expressions.flatMap(({ key }) => (typeof key === 'string' ? key : [])),
  ];
}

function withoutKeys(selector: LabelSelector | null | undefined, keys: readonly string[]): LabelSelector {
  return {
    matchLabels: Object.fromEntries(entries(selector?.matchLabels).filter(([key]) => !keys.includes(key))),
    matchExpressions: records(selector?.matchExpressions).filter(({ key }) => !keys.includes(key ?? '')),
  };
}
