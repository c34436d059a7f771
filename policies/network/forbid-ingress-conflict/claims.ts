import { text, type KubernetesObject, type Path } from '#sdk';

/** What an object wants to answer for. */
export interface Claim {
  /** The same for two claims of which only one can win, where they share a stage. */
  readonly key: string;
  /** Where it wants to hear requests: the listeners of a Gateway. One list for many claims. */
  readonly stages: readonly string[];
  /** `*` for all. */
  readonly host: string;
  /** As people call it: `/cart`; nothing where the host is all. */
  readonly path: string;
  readonly place: Path;
}

/** An object that claims something. */
interface Claimant {
  readonly id: string;
  readonly stages: readonly string[];
}

/** The objects that claim something, sorted, so that each run names the same one. */
export type Claimants = ReadonlyMap<string, readonly Claimant[]>;

/** What tells an object from others of its kind: `shop/web`. The same name twice is one object in two files. */
export function idOf({ metadata }: KubernetesObject): string {
  return `${text(metadata?.namespace) ?? ''}/${text(metadata?.name) ?? ''}`;
}

export function claimantsOf(
  objects: readonly KubernetesObject[],
  claimsOf: (object: KubernetesObject) => readonly Claim[],
): Claimants {
  const byKey = new Map<string, Claimant[]>();
  for (const object of objects) {
    const id = idOf(object);
    for (const { key, stages } of claimsOf(object)) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [{ id, stages }]);
      else if (known.at(-1)?.id !== id || known.at(-1)?.stages !== stages) known.push({ id, stages });
    }
  }
  for (const claimants of byKey.values()) claimants.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return byKey;
}

/** Who else claims it; undefined where nobody does. */
export function rivalOf(claimants: Claimants, { key, stages }: Claim, own: string): string | undefined {
  return claimants
    .get(key)
    ?.find(({ id, stages: theirs }) => id !== own && theirs.some((stage) => stages.includes(stage)))?.id;
}

/** A prefix means the same with a slash at its end and without. */
export function prefixOf(path: string): string {
  return path === '/' || !path.endsWith('/') ? path : path.slice(0, -1);
}
