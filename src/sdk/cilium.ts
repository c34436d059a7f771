import { customKind } from './kinds.ts';
import type { KubernetesObject } from './subjects.ts';

/** What a Cilium policy says of one kind of endpoint. */
export interface CiliumRule {
  readonly egress?: readonly CiliumEgressRule[] | null;
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
