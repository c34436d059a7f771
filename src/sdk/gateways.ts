import { records } from './json.ts';
import { customKind } from './kinds.ts';
import type { KubernetesObject } from './subjects.ts';

/** A Gateway as far as policies read it. */
export interface Gateway extends KubernetesObject {
  readonly spec?: {
    readonly gatewayClassName?: string | null;
    readonly listeners?: readonly GatewayListener[] | null;
    /** What the resources that the controller makes for the Gateway get. */
    readonly infrastructure?: { readonly annotations?: Readonly<Record<string, string>> | null } | null;
  } | null;
}

export interface GatewayListener {
  readonly name?: string | null;
  readonly hostname?: string | null;
  readonly protocol?: string | null;
}

/** A ListenerSet as far as policies read it. */
export interface ListenerSet extends KubernetesObject {
  readonly spec?: { readonly listeners?: readonly GatewayListener[] | null } | null;
}

/** A route for host names: HTTPRoute, GRPCRoute, TLSRoute. */
export interface HostRoute extends KubernetesObject {
  readonly spec?: {
    readonly hostnames?: readonly string[] | null;
    readonly parentRefs?: readonly { readonly kind?: string | null }[] | null;
    readonly rules?: readonly unknown[] | null;
  } | null;
}

const gatewayApi = { group: 'gateway.networking.k8s.io', namespaced: true };

/** The Gateway of the Gateway API. Source: https://gateway-api.sigs.k8s.io/reference/spec/ */
export const gatewayKind = customKind<Gateway>({
  ...gatewayApi,
  versions: ['v1', 'v1beta1', 'v1alpha2'],
  kind: 'Gateway',
  resource: 'gateways',
});

/** Listeners that are added to a Gateway from elsewhere. Source: Gateway API, GEP-1713. */
export const listenerSetKind = customKind<ListenerSet>({
  ...gatewayApi,
  versions: ['v1'],
  kind: 'ListenerSet',
  resource: 'listenersets',
});

/** The routes of the Gateway API that choose by host name. TCPRoute and UDPRoute know none. */
export const hostRouteKinds = [
  customKind<HostRoute>({
    ...gatewayApi,
    versions: ['v1', 'v1beta1', 'v1alpha2'],
    kind: 'HTTPRoute',
    resource: 'httproutes',
  }),
  customKind<HostRoute>({
    ...gatewayApi,
    versions: ['v1', 'v1alpha2'],
    kind: 'GRPCRoute',
    resource: 'grpcroutes',
  }),
  customKind<HostRoute>({
    ...gatewayApi,
    versions: ['v1', 'v1alpha3', 'v1alpha2'],
    kind: 'TLSRoute',
    resource: 'tlsroutes',
  }),
] as const;

/** A route of the Gateway API as far as all kinds of them are alike. */
export interface GatewayRoute extends KubernetesObject {
  readonly spec?: { readonly rules?: readonly (object | null)[] | null } | null;
}

/** All routes of the Gateway API. */
export const routeKinds = [
  ...hostRouteKinds,
  customKind<GatewayRoute>({
    ...gatewayApi,
    versions: ['v1alpha2'],
    kind: 'TCPRoute',
    resource: 'tcproutes',
  }),
  customKind<GatewayRoute>({
    ...gatewayApi,
    versions: ['v1alpha2'],
    kind: 'UDPRoute',
    resource: 'udproutes',
  }),
] as const;

/** What takes requests from outside. Routes of a mesh hang on a Service, a Server of Linkerd or the like. */
const gateways: ReadonlySet<unknown> = new Set(['Gateway', 'ListenerSet', 'XListenerSet']);

/**
 * Whether a route names a Gateway, so that requests from outside come to it. A mesh takes the routes that hang on a
 * Service by the name of that Service, and heeds no host names of theirs. Never throws.
 *
 * Source: Gateway API, GEP-1294 and GEP-1426.
 *
 * @example
 * hangsOnGateway({ spec: { parentRefs: [{ kind: 'Service', name: 'shop' }] } }); // false
 */
export function hangsOnGateway({ spec }: HostRoute): boolean {
  return records(spec?.parentRefs).some((parent) => gateways.has(parent.kind ?? 'Gateway'));
}

/**
 * Whether a host name with `*` as its first label stands for another, or is the same. An Ingress matches exactly
 * one label with the star, a Gateway (`anyDepth`) one or more. Never throws.
 *
 * Source: Kubernetes, Ingress, hostname wildcards; Gateway API, Hostname.
 *
 * @example
 * coversHost('*.example.com', 'shop.example.com'); // true
 * coversHost('*.example.com', 'eu.shop.example.com'); // false
 * coversHost('*.example.com', 'eu.shop.example.com', 'anyDepth'); // true
 */
export function coversHost(
  pattern: string,
  host: string,
  depth: 'oneLabel' | 'anyDepth' = 'oneLabel',
): boolean {
  if (pattern === host) return true;
  if (!pattern.startsWith('*.') || !host.endsWith(pattern.slice(1))) return false;
  const label = host.slice(0, host.length - pattern.length + 1);
  return label !== '' && (depth === 'anyDepth' || (label !== '*' && !label.includes('.')));
}
