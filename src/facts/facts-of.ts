import {
  asWorkload,
  builtinKinds,
  keysOfKind,
  kindKey,
  rememberOf,
  text,
  type BuiltinKind,
  type CustomKind,
  type FactOf,
  type FactRef,
  type Facts,
  type KindInfo,
  type KubernetesObject,
  type WorkloadFact,
} from '#sdk';
import { slimFact } from './slim-fact.ts';

/** An object and the namespace it goes to. */
export interface FactEntry {
  readonly object: KubernetesObject;
  readonly namespace: string | undefined;
}

/** The kind of a fact, as plans and messages name it. */
export function factKind(ref: Exclude<FactRef, 'Workload'>): KindInfo {
  return typeof ref === 'string' ? builtinKinds[ref] : ref;
}

interface FactsOptions {
  /** Kinds of which nothing could be learned. */
  readonly isMissing?: (kind: KindInfo) => boolean;
  /** Whether slimFact made the objects. */
  readonly areSlim?: boolean;
  /** The namespace in which objects that name none are thought to be. */
  readonly assumed?: string | undefined;
}

/**
 * Facts from the objects at hand: everything a run was given, and an honest nothing for the rest.
 *
 * @param kinds what is known of kinds: those with a template make pods
 */
export function factsOf(
  entries: readonly FactEntry[],
  kinds: Iterable<KindInfo>,
  { isMissing = () => false, areSlim = false, assumed }: FactsOptions = {},
): Facts {
  const within = (namespace: string | undefined): string | undefined =>
    namespace === assumed ? undefined : namespace;
  const byKind = Map.groupBy(entries, ({ object: { apiVersion, kind } }) =>
    typeof apiVersion === 'string' && typeof kind === 'string' ? kindKey(apiVersion, kind) : undefined,
  );
  const makers = [...new Set(kinds)].filter(
    (kind) => kind.template !== undefined && kind !== builtinKinds.PodTemplate,
  );
  // Slim whatever the front end had at hand, so that a policy sees the same everywhere; once, or there are two copies.
  const slimmed = rememberOf((kind: KindInfo): readonly FactEntry[] => {
    const found = keysOfKind(kind).flatMap((key) => byKind.get(key) ?? []);
    if (areSlim) return found.map(placed);
    return found.flatMap(({ object, namespace }) => {
      const fact = slimFact(object, kind);
      return fact === undefined ? nothing : placed({ object: fact, namespace });
    });
  });
  const sorted = rememberOf((kind: KindInfo) => sort(slimmed(kind), within));
  const of = (ref: BuiltinKind | CustomKind): Sorted => sorted(factKind(ref));
  let workloads: ReadonlyMap<string | undefined, readonly WorkloadFact[]> | undefined;
  return {
    has: (ref) => (ref === 'Workload' ? !makers.some((kind) => isMissing(kind)) : !isMissing(factKind(ref))),
    list: <K extends BuiltinKind | CustomKind>(ref: K, namespace: string | undefined) =>
      (of(ref).within.get(within(namespace)) ?? nothing) as readonly FactOf<K>[],
    all: <K extends BuiltinKind | CustomKind>(ref: K) => of(ref).all as readonly FactOf<K>[],
    find: <K extends BuiltinKind | CustomKind>(ref: K, name: string, namespace: string | undefined) =>
      of(ref).named.get(placeOf(within(namespace), name)) as FactOf<K> | undefined,
    workloads: (namespace) => {
      workloads ??= Map.groupBy(
        makers.flatMap((kind) =>
          slimmed(kind).flatMap(({ object, namespace: own }) => asWorkload(kind, object, own) ?? []),
        ),
        (workload) => within(workload.namespace),
      );
      return workloads.get(within(namespace)) ?? nothing;
    },
  };
}

const nothing: readonly never[] = [];

/** As a cluster would show it: with the namespace in it that a manifest may leave to whoever applies it. */
function placed(entry: FactEntry): FactEntry {
  const { object, namespace } = entry;
  if (namespace === undefined || text(object.metadata?.namespace) !== undefined) return entry;
  return { object: { ...object, metadata: { ...object.metadata, namespace } }, namespace };
}

interface Sorted {
  readonly all: readonly KubernetesObject[];
  readonly within: ReadonlyMap<string | undefined, readonly KubernetesObject[]>;
  readonly named: ReadonlyMap<string, KubernetesObject>;
}

/** Once for all: every workload asks for what is beside it, and going through everything each time is quadratic. */
function sort(
  entries: readonly FactEntry[],
  homeOf: (namespace: string | undefined) => string | undefined,
): Sorted {
  const within = new Map<string | undefined, KubernetesObject[]>();
  const named = new Map<string, KubernetesObject>();
  for (const { object, namespace: own } of entries) {
    const namespace = homeOf(own);
    const beside = within.get(namespace);
    if (beside === undefined) within.set(namespace, [object]);
    else beside.push(object);
    const place = placeOf(namespace, text(object.metadata?.name) ?? '');
    if (!named.has(place)) named.set(place, object);
  }
  return { all: entries.map(({ object }) => object), within, named };
}

function placeOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
