import { rememberOf } from '#sdk';
import type { CompiledException, Identity } from './exceptions.ts';
import { isGlob } from './image-pattern.ts';

/**
 * The exceptions that match an object by one of its identities, in the order of the settings. Those that are written for
 * another object are not tried: settings may list thousands, and a cluster have a hundred thousand objects.
 *
 * @example exceptionsMatching(compiled.exceptions, [{ namespace: 'shop', kind: 'Deployment', name: 'web' }])
 */
export function exceptionsMatching(
  exceptions: readonly CompiledException[],
  identities: readonly Identity[],
): readonly CompiledException[] {
  if (exceptions.length === 0) return exceptions;
  const index = indexed(exceptions);
  const found = new Set<CompiledException>();
  for (const identity of identities)
    for (const one of candidates(index, identity)) if (one.matches(identity)) found.add(one);
  return [...found].sort((a, b) => a.index - b.index);
}

interface ExceptionIndex {
  /** By the namespace and the beginning of the name that an object must have. */
  readonly byPlace: ReadonlyMap<string, readonly CompiledException[]>;
  /** How long such beginnings are. */
  readonly lengths: ReadonlySet<number>;
}

const indexed = rememberOf((exceptions: readonly CompiledException[]): ExceptionIndex => {
  const lengths = new Set<number>();
  const byPlace = new Map<string, CompiledException[]>();
  for (const one of exceptions) {
    const { namespace, name } = one.exception.match;
    const begins = beginningOf(name);
    lengths.add(begins.length);
    const place = placeOf(namespace === undefined || isGlob(namespace) ? '' : namespace, begins);
    const known = byPlace.get(place);
    if (known === undefined) byPlace.set(place, [one]);
    else known.push(one);
  }
  return { byPlace, lengths };
});

function* candidates({ byPlace, lengths }: ExceptionIndex, { namespace, name }: Identity) {
  for (const length of lengths) {
    if (length > name.length) continue;
    const begins = name.slice(0, length);
    yield* byPlace.get(placeOf('', begins)) ?? [];
    if (namespace !== undefined) yield* byPlace.get(placeOf(namespace, begins)) ?? [];
  }
}

function placeOf(namespace: string, begins: string): string {
  return `${namespace}/${begins}`;
}

/** What every name begins with that the pattern matches; of an exact one all of it. Only of plain globs that is sure. */
function beginningOf(pattern = ''): string {
  if (!isGlob(pattern)) return pattern;
  return /^[\w.:*?-]*$/.test(pattern) ? pattern.slice(0, pattern.search(/[*?]/)) : '';
}
