import { isDeepStrictEqual } from 'node:util';
import { isRecord, kindKey, property, text, type Path } from '#sdk';
import { member } from '../../engine/locate.ts';
import type { Manifest } from '../yaml/read-manifests.ts';

/**
 * The object of a file that Kustomize made another one from: of the same kind, and of the same name but for a prefix
 * and a suffix; undefined where several could be it.
 */
export function findSourceObject(made: unknown, manifests: readonly Manifest[]): Manifest | undefined {
  const name = nameOf(made);
  const alike = manifests.filter(({ object }) => keyOf(object) === keyOf(made));
  const namesakes = alike.filter(({ object }) => nameOf(object) === name);
  if (namesakes.length > 0) {
    const namespace = namespaceOf(made);
    return onlyOne(namesakes) ?? onlyOne(namesakes.filter(({ object }) => namespaceOf(object) === namespace));
  }
  const within = alike.filter(({ object }) => name.includes(nameOf(object)));
  const longest = Math.max(0, ...within.map(({ object }) => nameOf(object).length));
  return onlyOne(within.filter(({ object }) => nameOf(object).length === longest)) ?? onlyOne(alike);
}

/**
 * Leads from a field of the object that was made to that of its source: items of lists are known by their names, since
 * patches add some and sort others. A path ends at the list whose item the source does not have.
 */
export function pathInSource(path: Path, made: unknown, source: unknown): Path {
  const found: (string | number)[] = [];
  let from = made;
  let to = source;
  for (const step of path) {
    let own: string | number | undefined = step;
    if (typeof step === 'number' && Array.isArray(from) && Array.isArray(to)) {
      own = indexInSource(step, from, to);
      if (own === undefined) return found;
    }
    found.push(own);
    from = member(from, step);
    to = member(to, own);
  }
  return found;
}

function indexInSource(
  step: number,
  made: readonly unknown[],
  source: readonly unknown[],
): number | undefined {
  const item = made[step];
  if (isSameItem(item, source[step])) return step;
  const index = source.findIndex((candidate) => isSameItem(item, candidate));
  if (index !== -1) return index;
  // Without a name of its own, an item that was changed is known by its place.
  return source.length === made.length && identityOf(item) === undefined ? step : undefined;
}

function isSameItem(a: unknown, b: unknown): boolean {
  const identity = identityOf(a);
  return identity === undefined ? isDeepStrictEqual(a, b) : identity === identityOf(b);
}

/** What Kustomize merges the items of the lists of built-in kinds by, and a few more of the kind. */
const identifiers = ['name', 'mountPath', 'containerPort', 'topologyKey', 'host', 'path'] as const;

function identityOf(item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  for (const field of identifiers) {
    const value = item[field];
    if (typeof value === 'string' || typeof value === 'number') return `${field} ${value}`;
  }
  return undefined;
}

function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function keyOf(object: unknown): string {
  return kindKey(text(property(object, 'apiVersion')) ?? '', text(property(object, 'kind')) ?? '');
}

function nameOf(object: unknown): string {
  return text(property(property(object, 'metadata'), 'name')) ?? '';
}

function namespaceOf(object: unknown): string | undefined {
  return text(property(property(object, 'metadata'), 'namespace'));
}
