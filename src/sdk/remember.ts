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
