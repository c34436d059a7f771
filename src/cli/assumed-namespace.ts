import { kindKey, text, type KubernetesObject } from '#sdk';

/**
 * The namespace in which objects that name none are thought to be, for what they are related to: the only one that others
 * beside them name, since `helm install -n shop` and `kubectl apply -n shop` put them there, and refuse any other.
 * Undefined where there are several, and where an object comes both with and without it: those are two ways to install
 * the same. Only relations follow it: what runs elsewhere is judged, reported and excepted as it is written.
 *
 * @param exempt namespaces of the cluster itself, to which many a manifest adds one object
 */
export function assumedNamespace(
  objects: readonly { readonly object: KubernetesObject; readonly namespace: string | undefined }[],
  exempt: ReadonlySet<string>,
): string | undefined {
  const named = objects.filter(({ namespace }) => namespace !== undefined && !exempt.has(namespace));
  const namespaces = new Set(named.map(({ namespace }) => namespace));
  const [only] = namespaces;
  if (namespaces.size !== 1 || named.length === objects.length) return undefined;
  const keys = new Set(named.map(({ object }) => keyOf(object)));
  const isTwofold = objects.some(
    ({ object, namespace }) => namespace === undefined && keys.has(keyOf(object)),
  );
  return isTwofold ? undefined : only;
}

function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return `${kindKey(text(apiVersion) ?? '', text(kind) ?? '')}/${text(metadata?.name) ?? ''}`;
}
