import { wordDistance } from '#sdk';

/**
 * The tail of an error message about an unknown name: the known name that was probably meant, if one is close.
 *
 * @example nearest('prodution', ['baseline', 'production']) // ': did you mean production?'
 */
export function nearest(name: string, known: readonly string[]): string {
  const word = name.slice(0, 64);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const edits = wordDistance(word, candidate);
    if (edits < bestDistance) [best, bestDistance] = [candidate, edits];
  }
  return best === undefined ? '' : `: did you mean ${best}?`;
}
