import {
  builtinKinds,
  keysOfKind,
  kindKey,
  type BuiltinKind,
  type BuiltinKinds,
  type Facts,
  type KubernetesObject,
} from '#sdk';

interface Entry {
  readonly object: KubernetesObject;
  readonly namespace: string | undefined;
}

/** Facts from the manifests at hand: everything a run was given, and an honest nothing for the rest. */
export function manifestFacts(objects: readonly Entry[]): Facts {
  const byKind = Map.groupBy(objects, ({ object: { apiVersion, kind } }) =>
    typeof apiVersion === 'string' && typeof kind === 'string' ? kindKey(apiVersion, kind) : undefined,
  );
  const known = new Map<BuiltinKind, ReturnType<typeof sorted>>();
  return {
    has: () => true,
    list<K extends BuiltinKind>(kind: K, namespace?: string): readonly BuiltinKinds[K][] {
      let lists = known.get(kind);
      if (lists === undefined) {
        lists = sorted(keysOfKind(builtinKinds[kind]).flatMap((key) => byKind.get(key) ?? []));
        known.set(kind, lists);
      }
      const found = namespace === undefined ? lists.all : (lists.within.get(namespace) ?? []);
      return found;
    },
  };
}

/** By namespace, once: every workload asks for what is beside it, and going through all each time is quadratic. */
function sorted(entries: readonly Entry[]): {
  readonly all: readonly KubernetesObject[];
  readonly within: ReadonlyMap<string | undefined, readonly KubernetesObject[]>;
} {
  const within = new Map<string | undefined, KubernetesObject[]>();
  for (const { object, namespace } of entries) {
    const beside = within.get(namespace);
    if (beside === undefined) within.set(namespace, [object]);
    else beside.push(object);
  }
  return { all: entries.map(({ object }) => object), within };
}
