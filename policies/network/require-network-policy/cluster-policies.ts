import {
  customKind,
  matchesLabelSelector,
  property,
  records,
  type Facts,
  type KubernetesObject,
  type LabelSelector,
} from '#sdk';
import { matchesNamespace, type Closed, type SelectedPod } from './selected-pod.ts';

interface ClusterPolicy extends KubernetesObject {
  readonly spec?: {
    readonly subject?: {
      readonly namespaces?: LabelSelector | null;
      readonly pods?: {
        readonly namespaceSelector?: LabelSelector | null;
        readonly podSelector?: LabelSelector | null;
      } | null;
    } | null;
    readonly ingress?: readonly { readonly action?: string | null }[] | null;
    readonly egress?: readonly { readonly action?: string | null }[] | null;
  } | null;
}

function clusterPolicy(kind: string, resource: string, version: string) {
  return customKind<ClusterPolicy>({
    group: 'policy.networking.k8s.io',
    versions: [version],
    kind,
    resource,
    namespaced: false,
  });
}

/** The policies of whole clusters. Source: https://network-policy-api.sigs.k8s.io/reference/spec/ */
export const clusterPolicyKinds = [
  clusterPolicy('AdminNetworkPolicy', 'adminnetworkpolicies', 'v1alpha1'),
  clusterPolicy('BaselineAdminNetworkPolicy', 'baselineadminnetworkpolicies', 'v1alpha1'),
  clusterPolicy('ClusterNetworkPolicy', 'clusternetworkpolicies', 'v1alpha2'),
] as const;

/** What they close of a pod's traffic: unlike a NetworkPolicy, they close only what a rule denies. */
export function* closedByClusterPolicies(facts: Facts, pod: SelectedPod): Iterable<Closed> {
  for (const kind of clusterPolicyKinds) {
    for (const { spec } of facts.all(kind)) {
      const { namespaces, pods } = spec?.subject ?? {};
      const selects =
        pods == null
          ? matchesNamespace(namespaces, pod)
          : matchesNamespace(pods.namespaceSelector, pod) &&
            matchesLabelSelector(pods.podSelector, pod.labels);
      if (selects) yield { ingress: denies(spec, 'ingress'), egress: denies(spec, 'egress') };
    }
  }
}

function denies(spec: ClusterPolicy['spec'], way: 'ingress' | 'egress'): boolean {
  const rules = property(spec, way) as readonly { readonly action?: string | null }[] | undefined;
  return records(rules).some(({ action }) => action === 'Deny');
}
