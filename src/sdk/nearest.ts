/** Longer words are compared by their beginning. */
const longestWord = 64;

/**
 * Number of single-character edits between two words; two neighbours that changed places count as one.
 *
 * @example wordDistance('imagePullPolciy', 'imagePullPolicy') // 1
 */
export function wordDistance(a: string, b: string): number {
  const [left, right] = [Array.from(a.slice(0, longestWord)), Array.from(b.slice(0, longestWord))];
  let before: readonly number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, letter] of left.entries()) {
    const next = [i + 1];
    for (const [j, other] of right.entries()) {
      const cost = letter === other ? 0 : 1;
      const swapped =
        i > 0 && j > 0 && letter === right[j - 1] && left[i - 1] === other
          ? (before[j - 1] ?? 0) + 1
          : Infinity;
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + cost, swapped));
    }
    [before, row] = [row, next];
  }
  return row[right.length] ?? right.length;
}

/**
 * The known words that are closest to a misspelt one, none where nothing is close: upper and lower case do not
 * count, and of short words fewer letters may differ.
 *
 * @example nearestWords('replica', ['replicas', 'selector']) // ['replicas']
 */
export function nearestWords(word: string, known: Iterable<string>): readonly string[] {
  const lower = word.slice(0, longestWord).toLowerCase();
  const allowed = lower.length <= 4 ? 1 : lower.length <= 8 ? 2 : 3;
  let best: string[] = [];
  let fewest = allowed + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - lower.length) > allowed) continue;
    const edits = wordDistance(lower, candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [[candidate], edits];
    else if (edits === fewest && edits <= allowed) best.push(candidate);
  }
  return best;
}
