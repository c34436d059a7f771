import {
  builtinKinds,
  keysOfKind,
  kindKey,
  type BuiltinKind,
  type BuiltinKinds,
  type Facts,
  type KubernetesObject,
} from '#sdk';

/** Facts from the manifests at hand: everything a run was given, and an honest nothing for the rest. */
export function manifestFacts(
  objects: readonly { readonly object: KubernetesObject; readonly namespace: string | undefined }[],
): Facts {
  const byKind = new Map<string, { object: KubernetesObject; namespace: string | undefined }[]>();
  for (const entry of objects) {
    const { apiVersion, kind } = entry.object;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') continue;
    const key = kindKey(apiVersion, kind);
    const known = byKind.get(key);
    if (known === undefined) byKind.set(key, [entry]);
    else known.push(entry);
  }
  return {
    has: () => true,
    list<K extends BuiltinKind>(kind: K, namespace?: string): readonly BuiltinKinds[K][] {
      const found = keysOfKind(builtinKinds[kind]).flatMap((key) => byKind.get(key) ?? []);
      const here = namespace === undefined ? found : found.filter((entry) => entry.namespace === namespace);
      return here.map(({ object }) => object as BuiltinKinds[K]);
    },
  };
}
