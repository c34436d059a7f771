import {
  entries,
  isMadeByWorkload,
  list,
  property,
  records,
  rememberOf,
  text,
  type Facts,
  type ObjectMeta,
  type Path,
  type RelationSubject,
} from '#sdk';
import type { Custom } from './backup-kinds.ts';

/** Data that outlives the pods that write it. */
export interface PersistentData {
  /** What messages call it: `the claim orders`. */
  readonly what: string;
  readonly namespace: string | undefined;
  /** Names of the claims it lies in, as far as they are known; there may be thousands of them. */
  readonly claims: () => Iterable<string>;
  readonly labels: ObjectMeta['labels'];
  /** Metadata of the pods that mount it. */
  readonly pods: readonly ObjectMeta[];
  /** Name of the CloudNativePG Cluster that it is. */
  readonly cluster?: string;
  /** Annotations that may name its backup, its own first. */
  readonly annotations: readonly Annotations[];
  readonly at: Path;
}

export interface Annotations {
  readonly values: ObjectMeta['annotations'];
  readonly at: Path;
}

/** The data that an object stands for; none where another object stands for it. */
export function persistentDataOf(subject: RelationSubject<Custom>): readonly PersistentData[] {
  const { object, kind, namespace, name, facts, at } = subject;
  const own = { values: object.metadata?.annotations, at: at('metadata', 'annotations') };
  const common = { namespace, annotations: [own], at: at('metadata', 'name') };
  if (kind.kind === 'StatefulSet') return templatesOf(subject, own);
  if (kind.kind === 'Cluster') {
    const labels = { ...object.metadata?.labels, 'cnpg.io/cluster': name };
    return [
      { ...common, what: `the database cluster ${name}`, claims: () => [], labels, pods: [], cluster: name },
    ];
  }
  if (isMadeByWorkload(object) || isOfStatefulSet(facts, name, namespace)) return [];
  if (isOfPostgresCluster(object) || isReadOnly(object)) return [];
  const pods = facts.has('Workload') ? (podsByClaim(facts.workloads(namespace)).get(name) ?? []) : [];
  return [
    { ...common, what: `the claim ${name}`, claims: () => [name], labels: object.metadata?.labels, pods },
  ];
}

/** More than a StatefulSet can have. */
const mostReplicas = 10_000;

function templatesOf(
  { object, namespace, name, pod, at }: RelationSubject<Custom>,
  own: Annotations,
): readonly PersistentData[] {
  const { spec } = object;
  const replicas = property(spec, 'replicas');
  const start = property(property(spec, 'ordinals'), 'start');
  const first = typeof start === 'number' ? start : 0;
  // One that is scaled down to nothing keeps its claims.
  const length = typeof replicas === 'number' ? Math.min(Math.max(replicas, 1), mostReplicas) : 1;
  const pods = pod === undefined ? [] : [pod.podMetadata];
  const templates = list(property(spec, 'volumeClaimTemplates') as readonly (Custom | null)[] | undefined);
  return templates.flatMap((item, index): readonly PersistentData[] => {
    if (isReadOnly(item)) return [];
    const metadata = property(item, 'metadata');
    const template = text(property(metadata, 'name')) ?? '';
    const place = at('spec', 'volumeClaimTemplates', index, 'metadata');
    const values = property(metadata, 'annotations') as ObjectMeta['annotations'];
    const data = {
      what: `the claims of the template ${template}`,
      namespace,
      claims: () => numbered(`${template}-${name}`, first, length),
      // The controller adds what the set selects by.
      labels: textsOf(property(metadata, 'labels'), property(property(spec, 'selector'), 'matchLabels')),
      pods,
      annotations: [{ values, at: [...place, 'annotations'] }, own],
      at: [...place, 'name'],
    };
    return [data];
  });
}

function* numbered(prefix: string, first: number, length: number): Iterable<string> {
  for (let number = 0; number < length; number++) yield `${prefix}-${first + number}`;
}

function textsOf(...maps: readonly unknown[]): Readonly<Record<string, string>> {
  const pairs = maps.flatMap((map) => entries(map));
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** The metadata of the pods that mount a claim, by the name of the claim. */
const podsByClaim = rememberOf((workloads: ReturnType<Facts['workloads']>) => {
  const pods = new Map<string, ObjectMeta[]>();
  for (const { podMetadata, podSpec } of workloads) {
    for (const volume of records(podSpec.volumes)) {
      const claim = text(property(volume.persistentVolumeClaim, 'claimName'));
      if (claim === undefined) continue;
      const known = pods.get(claim);
      if (known === undefined) pods.set(claim, [podMetadata]);
      else known.push(podMetadata);
    }
  }
  return pods;
});

/** What the names of claims begin with that StatefulSets make, before the number of the pod. */
const claimPrefixes = rememberOf(
  (sets: readonly Custom[]) =>
    new Set(
      sets.flatMap(({ metadata, spec }) =>
        records(property(spec, 'volumeClaimTemplates') as readonly Custom[] | undefined).map(
          (template) => `${text(template.metadata?.name) ?? ''}-${text(metadata?.name) ?? ''}`,
        ),
      ),
    ),
);

/** Whether a StatefulSet that is at hand made the claim. */
function isOfStatefulSet(facts: Facts, claim: string, namespace: string | undefined): boolean {
  const prefix = /^(.+)-\d+$/.exec(claim)?.[1];
  return prefix !== undefined && claimPrefixes(facts.list('StatefulSet', namespace)).has(prefix);
}

function isOfPostgresCluster({ metadata }: Custom): boolean {
  return records(metadata?.ownerReferences).some(
    ({ apiVersion, kind }) =>
      kind === 'Cluster' && typeof apiVersion === 'string' && apiVersion.startsWith('postgresql.cnpg.io/'),
  );
}

/** What cannot be written to has its data from elsewhere. */
function isReadOnly(claim: Custom | null): boolean {
  const modes = list(property(property(claim, 'spec'), 'accessModes') as readonly unknown[] | undefined);
  return modes.length > 0 && modes.every((mode) => mode === 'ReadOnlyMany');
}
