import {
  entries,
  isControlled,
  labelSelectorOf,
  property,
  records,
  rememberOf,
  rolloutKind,
  text,
  type Facts,
  type Service,
  type Workload,
  type WorkloadFact,
} from '#sdk';
import { selecting, type Selection } from './selection.ts';

/** Fields by which two Services for the same pods differ on purpose. */
const meantFields = [
  'type', 'externalIPs', 'externalTrafficPolicy', 'internalTrafficPolicy', 'ipFamilies', 'ipFamilyPolicy',
  'loadBalancerClass', 'loadBalancerIP', 'loadBalancerSourceRanges', 'publishNotReadyAddresses', 'sessionAffinity',
  'trafficDistribution',
] as const; // prettier-ignore
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Beyond so many, Services are compared by what they ask for and not by what they select. */
const mostWorkloads = 20;

/** A Service that stands for pods in the usual way: it selects them, has an address, and belongs to no controller. */
export function isPlain(service: Service): boolean {
  const { spec } = service;
  return (
    spec?.type !== 'ExternalName' &&
    spec?.clusterIP !== 'None' &&
    labelSelectorOf(spec?.selector) !== undefined &&
    !isControlled(service)
  );
}

/** The plain Services that send the same ports to the same pods in the same way, this one included, by name. */
export function twinsOf(service: Service, namespace: string | undefined, facts: Facts): readonly Service[] {
  const workloads = facts.workloads(namespace);
  const groups = grouped(workloads)(facts.list('Service', namespace));
  return groups.get(keyOf(service, selecting(workloads)(service))) ?? [];
}

/** Services are many, and each asks who is like it: they are grouped once. */
const grouped = rememberOf((workloads: readonly WorkloadFact[]) =>
  rememberOf((services: readonly Service[]) => {
    const groups = new Map<string, Service[]>();
    const named = services.filter(isPlain).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    for (const service of named) {
      const key = keyOf(service, selecting(workloads)(service));
      const same = groups.get(key);
      if (same === undefined) groups.set(key, [service]);
      else same.push(service);
    }
    return groups;
  }),
);

export function nameOf({ metadata }: Service): string {
  return text(metadata?.name) ?? '';
}

function keyOf(service: Service, selection: Selection): string {
  const isKnown = selection.length > 0 && selection.length <= mostWorkloads;
  const pods = isKnown ? selection.map(([place]) => place) : sortedEntries(service.spec?.selector);
  return JSON.stringify([pods, portsOf(service), mannerOf(service)]);
}

function portsOf({ spec }: Service): readonly string[] {
  return records(spec?.ports)
    .map(({ port, protocol, targetPort }) => JSON.stringify([port, protocol || 'TCP', targetPort || port]))
    .sort();
}

function mannerOf({ metadata, spec }: Service): unknown {
  const fields = meantFields.map((field) => property(spec, field) ?? '');
  // Annotations say what kind of load balancer it is: an internal one beside one for everybody.
  const isBalanced = spec?.type === 'LoadBalancer' || spec?.type === 'NodePort';
  const annotations = isBalanced ? sortedEntries(metadata?.annotations) : [];
  return [fields, annotations.filter(([key]) => key !== lastApplied)];
}

function sortedEntries(map: unknown): readonly (readonly [string, unknown])[] {
  return entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether Argo Rollouts tells the pods of the Service apart: it writes a hash into the selectors of those it is given. */
export function isForRollout(service: Service, namespace: string | undefined, facts: Facts): boolean {
  return rolloutServices(facts.list(rolloutKind, namespace)).has(service.metadata?.name);
}

const rolloutServices = rememberOf((rollouts: readonly Workload[]): ReadonlySet<unknown> => {
  const names = rollouts.flatMap(({ spec }) => {
    const strategy = property(spec, 'strategy');
    const [canary, blueGreen] = [property(strategy, 'canary'), property(strategy, 'blueGreen')];
    const pingPong = property(canary, 'pingPong');
    return [
      ...['stableService', 'canaryService'].map((field) => property(canary, field)),
      ...['activeService', 'previewService'].map((field) => property(blueGreen, field)),
      ...['pingService', 'pongService'].map((field) => property(pingPong, field)),
    ];
  });
  return new Set(names.filter((name) => text(name) !== undefined));
});
