import {
  areOperated,
  builtinKinds,
  demandedLabels,
  isOperatorLabel,
  labelIndex,
  monitorNamespaces,
  podMakerKinds,
  rememberOf,
  selectedWorkloads,
  text,
  type BuiltinKind,
  type Facts,
  type KubernetesObject,
  type LabelSelector,
  type Monitor,
  type Service,
  type WorkloadFact,
} from '#sdk';

/** Where a monitor looks. */
export interface Reach {
  readonly selector: LabelSelector;
  /** Those it names, or its own. */
  readonly namespaces: 'any' | readonly (string | undefined)[];
  readonly runtimeLabels: readonly string[];
}

/** A Service and the namespace its pods are in. */
export interface FoundService {
  readonly service: Service;
  readonly namespace: string | undefined;
}

/** Where a monitor looks; one in a cluster-scoped kind looks everywhere. */
export function reachOf(
  monitor: Monitor,
  namespaced: boolean,
  own: string | undefined,
): Pick<Reach, 'namespaces'> {
  const named = namespaced ? monitorNamespaces(monitor) : 'any';
  return { namespaces: named === 'own' ? [own] : named };
}

/** Labels of Services that Kubernetes and the Prometheus operator make themselves. */
const builtinLabels: ReadonlySet<string> = new Set([
  'k8s-app',
  'operated-alertmanager',
  'operated-prometheus',
  'provider',
]);

/** The labels of the API server's Service, and of the one for kubelets that the Prometheus operator keeps. */
const builtinServices = labelIndex(
  [
    { component: 'apiserver', provider: 'kubernetes' },
    {
      'k8s-app': 'kubelet',
      'app.kubernetes.io/name': 'kubelet',
      'app.kubernetes.io/managed-by': 'prometheus-operator',
    },
  ],
  (labels) => labels,
);

const servicesByLabel = rememberOf((services: readonly Service[]) =>
  labelIndex(services, ({ metadata }) => metadata?.labels),
);

/** The Services that a monitor selects; undefined where none is at hand and somebody else may have made one. */
export function selectedServices(reach: Reach, facts: Facts): readonly FoundService[] | undefined {
  const { selector, namespaces, runtimeLabels } = reach;
  const found =
    namespaces === 'any'
      ? servicesByLabel(facts.all('Service')).matching(selector).map(withNamespace)
      : namespaces.flatMap((namespace) =>
          servicesByLabel(facts.list('Service', namespace))
            .matching(selector)
            .map((service) => ({ service, namespace })),
        );
  if (found.length > 0) return found;
  // Most operators write the same labels on Services and pods.
  const isOperators =
    namespaces === 'any'
      ? areOperated(selector, 'any', facts)
      : namespaces.some((name) => isOfOthers(name, facts) || areOperated(selector, { name }, facts));
  if (isOperators || builtinServices.matching(selector).length > 0) return undefined;
  const all = servicesByLabel(facts.all('Service'));
  const mayBeMade = demandedLabels(selector).some(
    (key) =>
      runtimeLabels.includes(key) || ((builtinLabels.has(key) || isOperatorLabel(key)) && !all.hasKey(key)),
  );
  return mayBeMade ? undefined : found;
}

function withNamespace(service: Service): FoundService {
  return { service, namespace: text(service.metadata?.namespace) };
}

/** Kubernetes makes some objects of kube-system itself, and of other namespaces nothing may be at hand. */
function isOfOthers(namespace: string | undefined, facts: Facts): boolean {
  if (namespace === 'kube-system') return true;
  return facts.list('Service', namespace).length === 0 && facts.workloads(namespace).length === 0;
}

/** What makes the pods that a monitor selects; undefined where nothing is at hand and somebody else may make some. */
export function selectedPods(reach: Reach, facts: Facts): readonly WorkloadFact[] | undefined {
  const { selector, namespaces, runtimeLabels } = reach;
  const found: WorkloadFact[] = [];
  let isKnown = true;
  for (const namespace of namespaces === 'any' ? everyNamespace(facts) : namespaces) {
    const workloads = selectedWorkloads(selector, namespace, facts, runtimeLabels);
    if (workloads !== undefined) found.push(...workloads);
    if (workloads === undefined || (namespaces !== 'any' && isOfOthers(namespace, facts))) isKnown = false;
  }
  return found.length > 0 || isKnown ? found : undefined;
}

const makers = (Object.keys(builtinKinds) as BuiltinKind[]).filter(
  (kind) => builtinKinds[kind].template !== undefined,
);
const namespacesOf = rememberOf(
  (objects: readonly KubernetesObject[]) => new Set(objects.map(({ metadata }) => text(metadata?.namespace))),
);

/** The namespaces in which something makes pods. */
function everyNamespace(facts: Facts): ReadonlySet<string | undefined> {
  return new Set([...makers, ...podMakerKinds].flatMap((kind) => [...namespacesOf(facts.all(kind))]));
}
