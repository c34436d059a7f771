/** Both 1-based; columns count UTF-16 units, as SARIF and editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The lines of a text, found on first use. */
export interface TextLines {
  positionOf(offset: number): Position;
  /** Offsets of a 1-based line, without its line break; undefined beyond the text. */
  range(line: number): { readonly start: number; readonly end: number } | undefined;
}

export function textLines(text: string): TextLines {
  let found: number[] | undefined;
  const starts = (): readonly number[] => {
    if (found === undefined) {
      found = [0];
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) found.push(at + 1);
    }
    return found;
  };
  return {
    positionOf(offset) {
      const index = lastAtMost(starts(), offset);
      return { line: index + 1, column: offset - (starts()[index] ?? 0) + 1 };
    },
    range(line) {
      const start = starts()[line - 1];
      const next = starts()[line];
      return start === undefined ? undefined : { start, end: next === undefined ? text.length : next - 1 };
    },
  };
}

/** Index of the last number that is not above the limit, in a rising list; 0 when there is none. */
export function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? Infinity) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
