/** Beyond this product of lines a table would take too long: then only the key of a line counts. */
const largestTable = 4_000_000;

/** Which line made which. */
export interface Alignment {
  /** For each line of the result an index into the template, or undefined. */
  readonly lines: readonly (number | undefined)[];
  /** How much of the result the template says as well: more is better. */
  readonly likeness: number;
}

/**
 * Guesses which line of a template made which line of its result. The order is kept, and lines count more the more of
 * them is the same: all of the line, its key, its indentation.
 */
export function alignLines(result: readonly string[], template: readonly string[]): Alignment {
  const made = result.map(readLine);
  const makers = template.map(readLine);
  const aligned =
    made.length * makers.length <= largestTable
      ? alignAll(made, makers)
      : new Array<number | undefined>(made.length).fill(undefined);
  let last = 0;
  let likeness = 0;
  const lines = aligned.map((found, index) => {
    last = found ?? last;
    const [line, maker] = [made[index], makers[found ?? -1]];
    if (line !== undefined && maker !== undefined) likeness += likenessOf(line, maker);
    return found ?? inserted(line, makers, last) ?? repeated(line, makers, last);
  });
  return { lines, likeness };
}

interface Line {
  readonly indent: number;
  /** Empty for comments and lines that are blank: nothing is like them. */
  readonly text: string;
  readonly key: string | undefined;
}

const keyPattern = /^((?:- )*)(?:"([^"]+)"|'([^']+)'|([^\s"'{}#:][^\s{}:]*)):(?:\s|$)/;

function readLine(line: string): Line {
  const text = line.trim();
  const indent = line.length - line.trimStart().length;
  if (text.startsWith('#')) return { indent, text: '', key: undefined };
  const [, dashes = '', double, single, plain] = keyPattern.exec(text) ?? [];
  return { indent: indent + dashes.length, text, key: double ?? single ?? plain };
}

function likenessOf(made: Line, maker: Line): number {
  if (made.text === '' || maker.text === '') return 0;
  const indent = made.indent === maker.indent ? 1 : 0;
  if (made.text === maker.text) return 4 + indent;
  return made.key !== undefined && made.key === maker.key ? 2 + indent : 0;
}

/** The longest common subsequence, weighted. */
function alignAll(made: readonly Line[], makers: readonly Line[]): (number | undefined)[] {
  const width = makers.length + 1;
  const best = new Uint32Array((made.length + 1) * width);
  const at = (row: number, column: number): number => best[row * width + column] ?? 0;
  for (const [row, line] of [...made.entries()].reverse()) {
    for (let column = makers.length - 1; column >= 0; column--) {
      const like = likenessOf(line, makers[column] ?? line);
      const both = like === 0 ? 0 : like + at(row + 1, column + 1);
      best[row * width + column] = Math.max(both, at(row + 1, column), at(row, column + 1));
    }
  }
  const aligned = new Array<number | undefined>(made.length).fill(undefined);
  let column = 0;
  for (const [row, line] of made.entries()) {
    for (let candidate = column; candidate < makers.length; candidate++) {
      const like = likenessOf(line, makers[candidate] ?? line);
      if (like > 0 && like + at(row + 1, candidate + 1) === at(row, column)) {
        aligned[row] = candidate;
        column = candidate + 1;
        break;
      }
      // Leaving this line of the template out costs something: then the line of the result has no match.
      if (at(row, candidate + 1) < at(row, column)) break;
    }
  }
  return aligned;
}

/** What writes lines that the template itself does not have: a helper, or values as YAML. */
const insertion = /\{\{-?\s*(?:include|template|tpl|toYaml)\b/;

/** The call, after the last line that was found and not past the end of its block, that inserts what is indented so far. */
function inserted(line: Line | undefined, makers: readonly Line[], last: number): number | undefined {
  if (line === undefined || line.text === '') return undefined;
  for (let index = last; index < makers.length; index++) {
    const { text = '', indent = 0, key } = makers[index] ?? {};
    const isFound = index === last;
    // The next line of the template that could have made something of its own, or the end of a loop, is no call any more.
    if (!isFound && (key !== undefined || /^\{\{-?\s*end\b/.test(text))) return undefined;
    if (!insertion.test(text)) continue;
    const depth = Number(/\bn?indent\s+(\d+)/.exec(text)?.[1] ?? indent + (isFound ? 1 : 0));
    return line.indent >= depth ? index : undefined;
  }
  return undefined;
}

/** What a loop makes a second time comes from lines before the last one that was found, the nearest with that key. */
function repeated(line: Line | undefined, makers: readonly Line[], last: number): number | undefined {
  if (line?.key === undefined) return undefined;
  const isLike = ({ key, indent }: Line): boolean => key === line.key && indent === line.indent;
  const before = makers.slice(0, last + 1).findLastIndex(isLike);
  const found = before === -1 ? makers.findIndex(isLike) : before;
  return found === -1 ? undefined : found;
}
