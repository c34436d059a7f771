import { text, type KubernetesObject, type Path } from '#sdk';

/** What an object wants to answer for. */
export interface Claim {
  /** The same for two claims of which only one can win. */
  readonly key: string;
  /** What people call it: `shop.example.com/cart`. */
  readonly words: string;
  readonly place: Path;
}

/** The objects that claim something, sorted, so that each run names the same one. */
export type Claimants = ReadonlyMap<string, readonly string[]>;

/** What tells an object from others of its kind: `shop/web`. The same name twice is one object in two files. */
export function idOf({ metadata }: KubernetesObject): string {
  return `${text(metadata?.namespace) ?? ''}/${text(metadata?.name) ?? ''}`;
}

export function claimantsOf(
  objects: readonly KubernetesObject[],
  claimsOf: (object: KubernetesObject) => readonly Claim[],
): Claimants {
  const byKey = new Map<string, Set<string>>();
  for (const object of objects) {
    for (const { key } of claimsOf(object)) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, new Set([idOf(object)]));
      else known.add(idOf(object));
    }
  }
  return new Map([...byKey].map(([key, ids]) => [key, [...ids].sort()]));
}

/** A prefix means the same with a slash at its end and without. */
export function prefixOf(path: string): string {
  return path === '/' || !path.endsWith('/') ? path : path.slice(0, -1);
}
