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
 * Keeps what a pure function makes of a list for as long as the list is there. Facts hand out the same list for as
 * long as it holds the same objects, so that an index of thousands of objects is built once and not for each of them.
 *
 * @example
 * const byLabel = rememberFor((services: readonly Service[]) => labelIndex(services, ({ metadata }) => metadata?.labels));
 */
export function rememberFor<L extends readonly unknown[], R>(compute: (list: L) => R): (list: L) => R {
  const kept = new WeakMap<L, { readonly result: R }>();
  return (list) => {
    const known = kept.get(list) ?? { result: compute(list) };
    kept.set(list, known);
    return known.result;
  };
}
