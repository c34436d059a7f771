import { customKind, list, property, rememberOf, text, type Facts, type KubernetesObject } from '#sdk';
import { parseCalicoSelector, type CalicoSelector, type Lookup } from './calico-selector.ts';
import type { Closed, SelectedPod } from './selected-pod.ts';

interface CalicoPolicy extends KubernetesObject {
  readonly spec?: unknown;
}

// As clients of Calico's own API see them, and as they lie in the cluster without it.
const served = [
  { group: 'projectcalico.org', versions: ['v3'] },
  { group: 'crd.projectcalico.org', versions: ['v1'] },
];

const globalKinds = served.map((api) =>
  customKind<CalicoPolicy>({
    ...api,
    kind: 'GlobalNetworkPolicy',
    resource: 'globalnetworkpolicies',
    namespaced: false,
  }),
);
const namespacedKinds = served.map((api) =>
  customKind<CalicoPolicy>({ ...api, kind: 'NetworkPolicy', resource: 'networkpolicies', namespaced: true }),
);

/** The policies of Calico. Source: https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy */
export const calicoPolicyKinds = [...globalKinds, ...namespacedKinds];

/** What they close of a pod's traffic; one whose selector asks for what nobody knows here counts. */
export function* closedByCalico(facts: Facts, pod: SelectedPod): Iterable<Closed> {
  for (const kind of namespacedKinds) yield* closedBy(rulesOf(facts.list(kind, pod.namespace)), pod);
  for (const kind of globalKinds) yield* closedBy(rulesOf(facts.all(kind)), pod);
}

interface Rule {
  readonly pods: CalicoSelector;
  readonly namespaces: CalicoSelector;
  readonly accounts: CalicoSelector;
  readonly closed: Closed;
}

function* closedBy(rules: readonly Rule[], pod: SelectedPod): Iterable<Closed> {
  for (const { pods, namespaces, accounts, closed } of rules) {
    if (
      pods(labelOf(pod)) !== false &&
      namespaces(namespaceLabelOf(pod)) !== false &&
      accounts(accountLabelOf(pod)) !== false
    ) {
      yield closed;
    }
  }
}

const rulesOf = rememberOf((policies: readonly CalicoPolicy[]) =>
  policies.flatMap(({ spec }): readonly Rule[] => {
    // Those two are for network interfaces of nodes.
    if (property(spec, 'doNotTrack') === true || property(spec, 'preDNAT') === true) return [];
    const [pods, namespaces, accounts] = ['selector', 'namespaceSelector', 'serviceAccountSelector'].map(
      (field) => parseCalicoSelector(text(property(spec, field)) ?? ''),
    );
    return pods === undefined || namespaces === undefined || accounts === undefined
      ? []
      : [{ pods, namespaces, accounts, closed: closedIn(spec) }];
  }),
);

/** Without types the rules tell: egress alone where there are only such, ingress where there are none. */
function closedIn(spec: unknown): Closed {
  const types = list(property(spec, 'types') as readonly unknown[] | undefined);
  if (types.length > 0) return { ingress: types.includes('Ingress'), egress: types.includes('Egress') };
  const [ingress, egress] = ['ingress', 'egress'].map(
    (way) => list(property(spec, way) as readonly unknown[] | undefined).length > 0,
  );
  return { ingress: ingress === true || egress !== true, egress: egress === true };
}

function labelOf(pod: SelectedPod): Lookup {
  return (key) => {
    if (key === 'projectcalico.org/namespace') return pod.namespace;
    if (key === 'projectcalico.org/orchestrator') return 'k8s';
    if (key === 'projectcalico.org/serviceaccount') return pod.serviceAccount;
    if (key.startsWith('pcns.')) return namespaceLabelOf(pod)(key.slice('pcns.'.length));
    if (key.startsWith('pcsa.')) return accountLabelOf(pod)(key.slice('pcsa.'.length));
    return property(pod.labels, key) ?? null;
  };
}

/** What other labels the account has, nobody looks up. */
function accountLabelOf({ serviceAccount }: SelectedPod): Lookup {
  return (key) => (key === 'projectcalico.org/name' ? serviceAccount : undefined);
}

function namespaceLabelOf({ namespace, namespaceLabels, namespaceKnown }: SelectedPod): Lookup {
  return (key) => {
    if (key === 'projectcalico.org/name') return namespace;
    return property(namespaceLabels, key) ?? (namespaceKnown ? null : undefined);
  };
}
