/**
 * Keeps the results of a pure function over short texts that come up again and again, such as names of variables
 * and images. Bounded: at `most` texts it starts afresh; texts over 256 characters are never kept.
 *
 * @example
 * const parse = remember(1_000, parseImageReference);
 */
export function remember<R>(most: number, compute: (text: string) => R): (text: string) => R {
  const kept = new Map<string, { readonly result: R }>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known.result;
    const result = compute(text);
    if (text.length > longestKept) return result;
    if (kept.size >= most) kept.clear();
    kept.set(text, { result });
    return result;
  };
}

const longestKept = 256;

/**
 * Keeps what was computed from an object for as long as the object itself is kept, such as a list of facts: each of
 * 5,000 workloads asks the same of what is beside it.
 *
 * @example
 * const namesOf = rememberOf((claims: readonly PersistentVolumeClaim[]) => new Set(claims.map(…)));
 * namesOf(facts.list('PersistentVolumeClaim', namespace));
 */
export function rememberOf<K extends object, R>(compute: (from: K) => R): (from: K) => R {
  const known = new WeakMap<K, { readonly result: R }>();
  return (from) => {
    const kept = known.get(from) ?? { result: compute(from) };
    known.set(from, kept);
    return kept.result;
  };
}
