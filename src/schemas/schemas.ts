import {
  apiVersionOf,
  groupOf,
  guessKind,
  isCustomGroup,
  keyOfKind,
  kindKey,
  type KindInfo,
  type KubernetesObject,
  type ObjectSchema,
  type Schemas,
} from '#sdk';
import { builtinTypes } from './builtin-types.ts';
import { readDefinition, type CustomKindSchema } from './custom-types.ts';

/**
 * The schemas that manifests are checked against: those of Kubernetes' own kinds in one of its versions, and those
 * of the custom kinds whose definitions are among the objects given.
 */
export function schemasFor(kubernetesMinor: number, objects: Iterable<KubernetesObject>): Schemas {
  let custom: ReadonlyMap<string, CustomKindSchema> | undefined;
  const customKind = (key: string): CustomKindSchema | undefined =>
    (custom ??= readDefinitions(objects)).get(key);
  return {
    kindOf: (key): KindInfo | undefined => customKind(key)?.info,
    find: (apiVersion, kind) => {
      const group = groupOf(apiVersion);
      if (!isCustomGroup(group)) return findBuiltin(apiVersion, kind, kubernetesMinor);
      const definition = customKind(kindKey(apiVersion, kind));
      if (definition === undefined)
        return 'has no CustomResourceDefinition of this kind: --crds names files or folders that have it';
      const struct = definition.versions.get(apiVersion.slice(group.length + 1));
      if (struct !== undefined) return { struct };
      const [other] = definition.info.versions;
      return other === undefined
        ? 'has no served version in the CustomResourceDefinition'
        : { struct, meant: `${definition.info.group}/${other} ${kind}` };
    },
  };
}

function readDefinitions(objects: Iterable<KubernetesObject>): ReadonlyMap<string, CustomKindSchema> {
  const definitions = new Map<string, CustomKindSchema>();
  for (const object of objects) {
    const definition = readDefinition(object);
    if (definition === undefined) continue;
    definitions.set(keyOfKind(definition.info), definition);
  }
  return definitions;
}

function findBuiltin(apiVersion: string, kind: string, minor: number): ObjectSchema | string {
  const types = builtinTypes();
  const { minors } = types;
  const [first = 0, last = 0] = [minors[0], minors.at(-1)];
  if (minor < first || minor > last) return `knows the fields of Kubernetes 1.${first} to 1.${last} only`;
  const found = types.kind(`${apiVersion}/${kind}`);
  const isThere = found !== undefined && minor >= (found.since ?? 0) && minor <= (found.until ?? Infinity);
  if (isThere && found.type.is === 'struct') return { struct: found.type };
  const known = apiVersionOf(apiVersion, kind);
  // What is gone has its own policy to say so.
  if (known?.removed !== undefined && known.removed <= minor)
    return `has no fields of an API version that Kubernetes 1.${minor} does not serve`;
  const meant = guessKind(apiVersion, kind, minor);
  // A kubeconfig is none of the API's kinds, and lies beside manifests now and then.
  if (meant === undefined || (apiVersion === 'v1' && kind === 'Config'))
    return `has no fields of a kind that Kubernetes 1.${minor} does not have`;
  return { struct: undefined, meant };
}
