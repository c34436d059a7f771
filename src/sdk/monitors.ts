import { list, property, text } from './json.ts';
import { customKind, type CustomKind } from './kinds.ts';
import type { LabelSelector, PodSpec, Service } from './kubernetes.ts';
import { rememberOf } from './remember.ts';
import { indexSelectors } from './selector-index.ts';
import { hasNamedPort } from './service-ports.ts';
import type { Facts, KubernetesObject, PodSubject } from './subjects.ts';

/** One port that a monitor scrapes. Without any port it scrapes all there are. */
export interface MonitorEndpoint {
  /** The name of a port: of the Service, or of a container for those that select pods. */
  readonly port?: unknown;
  /** The name or number of a container's port. */
  readonly targetPort?: unknown;
  /** The number of a container's port. */
  readonly portNumber?: unknown;
}

/** What tells a collector to scrape, as far as policies read it. */
export interface Monitor extends KubernetesObject {
  readonly spec?: {
    readonly selector?: LabelSelector | null;
    /** Its own namespace where nothing is said. */
    readonly namespaceSelector?: {
      readonly any?: boolean | null;
      readonly matchNames?: readonly string[] | null;
    } | null;
    /** Of a PodMonitor they stand in `podMetricsEndpoints`. */
    readonly endpoints?: readonly (MonitorEndpoint | null)[] | null;
    readonly podMetricsEndpoints?: readonly (MonitorEndpoint | null)[] | null;
  } | null;
}

const prometheus = { group: 'monitoring.coreos.com', versions: ['v1'], namespaced: true };
const azure = { ...prometheus, group: 'azmonitoring.coreos.com' };
const victoria = { ...prometheus, group: 'operator.victoriametrics.com', versions: ['v1beta1'] };
const google = { ...prometheus, group: 'monitoring.googleapis.com' };
const services = { kind: 'ServiceMonitor', resource: 'servicemonitors' };
const pods = { kind: 'PodMonitor', resource: 'podmonitors' };

/**
 * Monitors that select Services: those of the Prometheus operator, and those made after them.
 *
 * Source: https://prometheus-operator.dev/docs/api-reference/api/, https://docs.victoriametrics.com/operator/resources/vmservicescrape/
 */
export const serviceMonitorKinds: readonly CustomKind<Monitor>[] = [
  customKind({ ...prometheus, ...services }),
  customKind({ ...azure, ...services }),
  customKind({ ...victoria, kind: 'VMServiceScrape', resource: 'vmservicescrapes' }),
];

/** Monitors that select pods. Sources as above, and https://cloud.google.com/stackdriver/docs/managed-prometheus */
export const podMonitorKinds: readonly CustomKind<Monitor>[] = [
  customKind({ ...prometheus, ...pods }),
  customKind({ ...azure, ...pods }),
  customKind({ ...victoria, kind: 'VMPodScrape', resource: 'vmpodscrapes' }),
  customKind({ ...google, kind: 'PodMonitoring', resource: 'podmonitorings' }),
  customKind({
    ...google,
    kind: 'ClusterPodMonitoring',
    resource: 'clusterpodmonitorings',
    namespaced: false,
  }),
];

/** The endpoints of a monitor, and the field they stand in. Never throws. */
export function monitorEndpoints({ spec }: Monitor): {
  readonly field: 'endpoints' | 'podMetricsEndpoints';
  readonly endpoints: readonly unknown[];
} {
  const field = property(spec, 'podMetricsEndpoints') == null ? 'endpoints' : 'podMetricsEndpoints';
  return { field, endpoints: list(property(spec, field) as readonly unknown[] | undefined) };
}

const members = rememberOf((monitors: readonly Monitor[]) => new Set(monitors));

const bySelector = rememberOf((monitors: readonly Monitor[]) =>
  indexSelectors(monitors.map((monitor) => [monitor.spec?.selector, monitor])),
);
/** Of what selects a Service and scrapes it; many workloads may ask about one. */
const byService = rememberOf((monitors: readonly Monitor[]) =>
  rememberOf((service: Service): readonly Monitor[] =>
    [...bySelector(monitors)(service.metadata?.labels)].filter((monitor) => scrapesService(monitor, service)),
  ),
);

/** Many workloads may have the same Services: then it is the same list. */
const byServices = rememberOf((monitors: readonly Monitor[]) =>
  rememberOf((services: readonly Service[]) => new Set(services.flatMap(byService(monitors)))),
);

/**
 * Whether a monitor that reaches into the namespace selects one of the Services and scrapes one of its ports. Never
 * throws.
 *
 * @param namespace that of the Services; undefined where it is not known, so that any may be meant
 * @example isAnyServiceMonitored(servicesSelecting(pod.podMetadata.labels, facts, namespace), namespace, facts)
 */
export function isAnyServiceMonitored(
  services: readonly Service[],
  namespace: string | undefined,
  facts: Facts,
): boolean {
  return serviceMonitorKinds.some((kind) => {
    const monitors = facts.all(kind);
    if (monitors.length === 0) return false;
    return [...byServices(monitors)(services)].some((monitor) => reaches(monitor, kind, namespace, facts));
  });
}

/**
 * Whether a monitor that reaches into the namespace selects the pods themselves and scrapes one of their ports. Never
 * throws.
 *
 * @param namespace that of the pods; undefined where it is not known, so that any may be meant
 * @example arePodsMonitored(pod, namespace, facts)
 */
export function arePodsMonitored(
  { podMetadata, podSpec }: Pick<PodSubject, 'podMetadata' | 'podSpec'>,
  namespace: string | undefined,
  facts: Facts,
): boolean {
  return podMonitorKinds.some((kind) =>
    [...bySelector(facts.all(kind))(podMetadata.labels)].some(
      (monitor) => scrapesPods(monitor, podSpec) && reaches(monitor, kind, namespace, facts),
    ),
  );
}

function reaches(
  monitor: Monitor,
  kind: CustomKind<Monitor>,
  namespace: string | undefined,
  facts: Facts,
): boolean {
  const namespaces = kind.namespaced ? monitorNamespaces(monitor) : 'any';
  if (namespaces === 'any') return true;
  if (namespaces === 'own') return members(facts.list(kind, namespace)).has(monitor);
  return namespace === undefined || namespaces.includes(namespace);
}

/**
 * The namespaces in which a monitor selects: all of them, its own, or those it names. Never throws.
 *
 * @example monitorNamespaces({ spec: { namespaceSelector: { matchNames: ['shop'] } } }) // ['shop']
 */
export function monitorNamespaces({ spec }: Monitor): 'any' | 'own' | readonly string[] {
  const selector = property(spec, 'namespaceSelector');
  if (property(selector, 'any') === true) return 'any';
  const names = list(property(selector, 'matchNames') as readonly unknown[] | undefined);
  return names.length === 0 ? 'own' : names.flatMap((name) => text(name) ?? []);
}

/** By the names of ports, as far as they tell. */
function scrapesService(monitor: Monitor, service: Service): boolean {
  return monitorEndpoints(monitor).endpoints.some((endpoint) => {
    const port = property(endpoint, 'port');
    if (typeof port !== 'string' || port === '') return true;
    return list(service.spec?.ports).some((one) => property(one, 'name') === port);
  });
}

/** As above, by the ports of the containers. */
function scrapesPods(monitor: Monitor, podSpec: PodSpec): boolean {
  return monitorEndpoints(monitor).endpoints.some((endpoint) => {
    const port = property(endpoint, 'port');
    return typeof port !== 'string' || port === '' || hasNamedPort(podSpec, port, 'any');
  });
}
