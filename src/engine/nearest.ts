import { wordDistance } from '#sdk';

/**
 * The tail of an error message about an unknown name: the known name that was probably meant, if one is close or
 * begins like it.
 *
 * @example nearest('prodution', ['baseline', 'production']) // ': did you mean production?'
 * @example nearest('prod', ['baseline', 'production']) // ': did you mean production?'
 */
export function nearest(name: string, known: readonly string[]): string {
  const word = name.slice(0, 64);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const edits = wordDistance(word, candidate);
    if (edits < bestDistance) [best, bestDistance] = [candidate, edits];
  }
  // A word cut short is rarely a typing error; one letter would fit too many.
  if (word.length > 1) best ??= known.find((candidate) => candidate.startsWith(word.toLowerCase()));
  return best === undefined ? '' : `: did you mean ${best}?`;
}

/**
 * The same for names that are asked again and again, such as that of a profile which thousands of others extend: each is
 * compared with the known ones once.
 */
export function nearestAmong(known: readonly string[]): (name: string) => string {
  const told = new Map<string, string>();
  return (name) => {
    const hint = told.get(name) ?? nearest(name, known);
    told.set(name, hint);
    return hint;
  };
}
