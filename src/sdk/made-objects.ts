import { asksForCopies } from './copied-objects.ts';
import { propertyAt, text } from './json.ts';
import type { BuiltinKind, CustomKind } from './kinds.ts';
import { makers, type Custom, type ReferencedKind } from './object-makers.ts';
import { rememberOf } from './remember.ts';
import type { Facts, KubernetesObject } from './subjects.ts';

/** Kinds whose objects make ConfigMaps, Secrets and claims, for the `optionalFacts` of whoever asks `isMadeByOther`. */
export const makerKinds: readonly (BuiltinKind | CustomKind<Custom>)[] = makers.map(({ kind }) => kind);

/** What objects make, and which of that is to be copied into other namespaces. */
interface Index {
  readonly made: ReadonlySet<string>;
  readonly copied: ReadonlySet<string>;
}

const indexes = makers.map(({ makes, annotations }) =>
  rememberOf((objects: readonly Custom[]): Index => {
    const made = new Set<string>();
    const copied = new Set<string>();
    for (const object of objects) {
      const isCopied = annotations !== undefined && asksForCopies(propertyAt(object.spec, annotations));
      for (const [kind, name] of makes(object, text(object.metadata?.name) ?? '')) {
        made.add(`${kind}/${name}`);
        if (isCopied) copied.add(`${kind}/${name}`);
      }
    }
    return { made, copied };
  }),
);

const copiedNames = rememberOf(
  (objects: readonly KubernetesObject[]) =>
    new Set(
      objects
        .filter(({ metadata }) => asksForCopies(metadata?.annotations))
        .map(({ metadata }) => text(metadata?.name) ?? ''),
    ),
);

/**
 * Whether a controller makes the object from another one at hand, so that it exists though no manifest shows it: the
 * Secret of an ExternalSecret, a SealedSecret or a Certificate, the claims of a StatefulSet, the copy of what another
 * namespace has. Its keys are then nobody's knowledge. Needs `optionalFacts: makerKinds`. Never throws.
 *
 * @example
 * isMadeByOther(facts, 'Secret', 'shop-tls', 'shop'); // true where a Certificate names it in spec.secretName
 */
export function isMadeByOther(
  facts: Facts,
  kind: ReferencedKind,
  name: string,
  namespace: string | undefined,
): boolean {
  const wanted = `${kind}/${name}`;
  const numbered = wanted.replace(/-\d+$/, '-#');
  if (kind !== 'PersistentVolumeClaim' && copiedNames(facts.all(kind)).has(name)) return true;
  return makers.some((maker, index) => {
    const all = facts.all(maker.kind);
    if (all.length === 0) return false;
    const objects = maker.clusterWide === true ? all : facts.list(maker.kind, namespace);
    const made = indexes[index]?.(objects).made;
    return (
      made?.has(wanted) === true ||
      made?.has(numbered) === true ||
      indexes[index]?.(all).copied.has(wanted) === true
    );
  });
}
