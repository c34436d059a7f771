import {
  coversHost,
  list,
  property,
  records,
  text,
  type Gateway,
  type HostRoute,
  type KubernetesObject,
  type Path,
} from '#sdk';
import { idOf, prefixOf, type Claim } from './claims.ts';

/** A parent of a route, and the hosts for which it wants requests there, each with the listeners that hear them. */
interface Parent {
  readonly key: string;
  readonly hosts: ReadonlyMap<string, readonly string[]>;
}

/** Gateways by namespace and name. */
export type Gateways = ReadonlyMap<string, Gateway>;

export function gatewaysOf(gateways: readonly Gateway[]): Gateways {
  return new Map(gateways.map((gateway) => [idOf(gateway), gateway]));
}

/** What a route claims on each listener that it hangs on: hosts, and what its rules match. */
export function routeClaims(object: KubernetesObject, gateways: Gateways): readonly Claim[] {
  const route = object as HostRoute;
  const matches = matchesOf(route);
  return parentsOf(route, gateways).flatMap((parent) =>
    [...parent.hosts].flatMap(([host, stages]) =>
      matches.map(({ key, path, place }): Claim => ({
        key: `${parent.key} ${host} ${key}`,
        stages,
        host,
        path,
        place,
      })),
    ),
  );
}

/** The listeners of a Gateway that is not at hand. */
const unknownListeners: readonly string[] = [''];

function parentsOf(route: HostRoute, gateways: Gateways): readonly Parent[] {
  const own = text(route.metadata?.namespace) ?? '';
  const hostnames = list(route.spec?.hostnames).flatMap((host) => text(host) ?? []);
  return records(route.spec?.parentRefs).map((parent) => {
    const of = (field: string): unknown => property(parent, field) || undefined;
    const kind = of('kind') ?? 'Gateway';
    const namespace = text(of('namespace')) ?? own;
    const id = `${namespace}/${text(of('name')) ?? ''}`;
    const [section, port] = [of('sectionName'), of('port')];
    const gateway = kind === 'Gateway' ? gateways.get(id) : undefined;
    if (gateway === undefined) {
      // Of a Service as a parent, in a mesh: a route of another namespace speaks for the callers there alone.
      const speaker = kind === 'Service' ? own : '';
      const key = JSON.stringify([kind, id, section, port, speaker]);
      const hosts = hostnames.length === 0 ? ['*'] : hostnames;
      return { key, hosts: new Map(hosts.map((host) => [host, unknownListeners])) };
    }
    const hosts = new Map<string, string[]>();
    for (const listener of records(gateway.spec?.listeners)) {
      const isMeant =
        (section === undefined || section === listener.name) &&
        (port === undefined || port === property(listener, 'port'));
      if (!isMeant || !lets(listener, own, namespace)) continue;
      const name = text(listener.name) ?? '';
      for (const host of sharedHosts(hostnames, text(listener.hostname) ?? '')) {
        const known = hosts.get(host);
        if (known === undefined) hosts.set(host, [name]);
        else known.push(name);
      }
    }
    return { key: JSON.stringify([kind, id]), hosts };
  });
}

/** A listener lets in routes of its own namespace only, unless it says otherwise. */
function lets(listener: object, own: string, namespace: string): boolean {
  const from = property(property(property(listener, 'allowedRoutes'), 'namespaces'), 'from') ?? 'Same';
  return from === 'Same' ? own === namespace : from !== 'None';
}

/** The hosts of a route that a listener hears; those of the listener where the route names none. */
function sharedHosts(hostnames: readonly string[], listener: string): readonly string[] {
  if (listener === '') return hostnames.length === 0 ? ['*'] : hostnames;
  if (hostnames.length === 0) return [listener];
  const shared = hostnames.flatMap((host) => {
    if (coversHost(listener, host, 'anyDepth')) return host;
    return coversHost(host, listener, 'anyDepth') ? listener : [];
  });
  return [...new Set(shared)];
}

interface Match {
  readonly key: string;
  readonly path: string;
  readonly place: Path;
}

function matchesOf(route: HostRoute): readonly Match[] {
  // Such routes choose by host alone.
  if (route.kind === 'TLSRoute') return [{ key: '', path: '', place: ['spec', 'hostnames'] }];
  return list(route.spec?.rules).flatMap((rule, index) => {
    const matches = property(rule, 'matches');
    const place = ['spec', 'rules', index, 'matches'];
    if (!Array.isArray(matches) || matches.length === 0) return { ...matchOf({}, route.kind), place };
    return matches.map((match: unknown, position) => ({
      ...matchOf(match, route.kind),
      place: [...place, position],
    }));
  });
}

function matchOf(match: unknown, kind: unknown): Omit<Match, 'place'> {
  const method = property(match, 'method');
  const headers = pairsOf(match, 'headers');
  if (kind === 'GRPCRoute') {
    const [type, service, name] = ['type', 'service', 'method'].map((field) => property(method, field) ?? '');
    const path = `/${text(service) || '*'}/${text(name) || '*'}`;
    return { key: JSON.stringify([type || 'Exact', service, name, headers]), path };
  }
  const asked = property(match, 'path');
  const type = text(property(asked, 'type')) ?? 'PathPrefix';
  const written = text(property(asked, 'value')) ?? '/';
  const path = type === 'PathPrefix' ? prefixOf(written) : written;
  const key = JSON.stringify([type, path, method ?? '', headers, pairsOf(match, 'queryParams')]);
  return { key, path };
}

/** Headers or parameters that are asked for, in one order. */
function pairsOf(match: unknown, field: string): readonly string[] {
  return records(property(match, field) as readonly object[] | undefined)
    .map((pair) => {
      const name = text(property(pair, 'name')) ?? '';
      const type = property(pair, 'type') ?? 'Exact';
      return JSON.stringify([field === 'headers' ? name.toLowerCase() : name, type, property(pair, 'value')]);
    })
    .sort();
}
