import { customKind } from './kinds.ts';
import type { LabelSelector } from './kubernetes.ts';
import type { KubernetesObject } from './subjects.ts';

/** What a Cilium policy says of one kind of endpoint. */
export interface CiliumRule {
  /** The pods it is about; keys may begin with the source of a label, as in `k8s:app`. */
  readonly endpointSelector?: LabelSelector | null;
  readonly ingress?: readonly unknown[] | null;
  readonly ingressDeny?: readonly unknown[] | null;
  readonly egress?: readonly CiliumEgressRule[] | null;
  readonly egressDeny?: readonly unknown[] | null;
  /** Whether it forbids all that no rule allows; it does where it has rules, unless this says otherwise. */
  readonly enableDefaultDeny?: { readonly ingress?: boolean | null; readonly egress?: boolean | null } | null;
}

export interface CiliumEgressRule {
  readonly toEntities?: readonly string[] | null;
  readonly toCIDR?: readonly string[] | null;
  readonly toCIDRSet?:
    | readonly {
        readonly cidr?: string | null;
        readonly except?: readonly string[] | null;
      }[]
    | null;
  readonly toFQDNs?: readonly { readonly matchPattern?: string | null }[] | null;
  readonly toPorts?: readonly unknown[] | null;
}

/** A CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy as far as policies read it: one rule, or several. */
export interface CiliumPolicy extends KubernetesObject {
  readonly spec?: CiliumRule | null;
  readonly specs?: readonly CiliumRule[] | null;
}

const cilium = { group: 'cilium.io', versions: ['v2'] };

/** The network policies of Cilium. Source: https://docs.cilium.io/en/stable/network/kubernetes/policy/ */
export const ciliumPolicyKinds = [
  customKind<CiliumPolicy>({
    ...cilium,
    kind: 'CiliumNetworkPolicy',
    resource: 'ciliumnetworkpolicies',
    namespaced: true,
  }),
  customKind<CiliumPolicy>({
    ...cilium,
    kind: 'CiliumClusterwideNetworkPolicy',
    resource: 'ciliumclusterwidenetworkpolicies',
    namespaced: false,
  }),
] as const;
