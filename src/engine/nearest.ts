/** Number of single-character edits between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      next.push(
        Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[b.length] ?? b.length;
}

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
    const edits = distance(word, candidate);
    if (edits < bestDistance) [best, bestDistance] = [candidate, edits];
  }
  return best === undefined ? '' : `: did you mean ${best}?`;
}
