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

/** A place where a route wants to hear requests, and what it hears there. */
interface Stage {
  readonly key: string;
  readonly hosts: readonly string[];
}

/** Gateways by namespace and name. */
export type Gateways = ReadonlyMap<string, Gateway>;

export function gatewaysOf(gateways: readonly Gateway[]): Gateways {
  return new Map(gateways.map((gateway) => [idOf(gateway), gateway]));
}

/** What a route claims on each listener that it hangs on: hosts, and what its rules match. */
export function routeClaims(object: KubernetesObject, gateways: Gateways): readonly Claim[] {
  const route = object as HostRoute;
  const stages = stagesOf(route, gateways);
  const matches = matchesOf(route);
  return stages.flatMap(({ key, hosts }) =>
    hosts.flatMap((host) =>
      matches.map((match): Claim => {
        const words = `${host}${match.words}`;
        return { key: JSON.stringify([key, host, match.key]), words, place: match.place };
      }),
    ),
  );
}

function stagesOf(route: HostRoute, gateways: Gateways): readonly Stage[] {
  const own = text(route.metadata?.namespace) ?? '';
  const hostnames = list(route.spec?.hostnames).flatMap((host) => text(host) ?? []);
  return records(route.spec?.parentRefs).flatMap((parent) => {
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
      return { key, hosts: hostnames.length === 0 ? ['*'] : hostnames };
    }
    return records(gateway.spec?.listeners).flatMap((listener) => {
      const isMeant =
        (section === undefined || section === listener.name) &&
        (port === undefined || port === property(listener, 'port'));
      if (!isMeant || !lets(listener, own, namespace)) return [];
      const key = JSON.stringify([kind, id, listener.name]);
      return { key, hosts: sharedHosts(hostnames, text(listener.hostname) ?? '') };
    });
  });
}

/** A listener lets in routes of its own namespace only, unless it says otherwise. */
function lets(listener: object, own: string, namespace: string): boolean {
  const from = property(property(property(listener, 'allowedRoutes'), 'namespaces'), 'from') ?? 'Same';
  return from !== 'Same' || own === namespace;
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
  readonly key: unknown;
  readonly words: string;
  readonly place: Path;
}

function matchesOf(route: HostRoute): readonly Match[] {
  // Such routes choose by host alone.
  if (route.kind === 'TLSRoute') return [{ key: '', words: '', place: ['spec', 'hostnames'] }];
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
    const words = `/${text(service) || '*'}/${text(name) || '*'}`;
    return { key: [type || 'Exact', service, name, headers], words };
  }
  const path = property(match, 'path');
  const type = text(property(path, 'type')) ?? 'PathPrefix';
  const written = text(property(path, 'value')) ?? '/';
  const value = type === 'PathPrefix' ? prefixOf(written) : written;
  return { key: [type, value, method ?? '', headers, pairsOf(match, 'queryParams')], words: value };
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
