import {
  DocumentFault,
  maxDepth,
  syntaxFault,
  tooDeep,
  type MapNode,
  type SourceNode,
} from './source-node.ts';
import { duplicateKey, type LineOf } from './duplicate-key.ts';

/** One JSON value, where it ends, and the keys that are written twice. */
interface JsonValue {
  readonly root: SourceNode;
  readonly end: number;
  readonly duplicates: readonly DocumentFault[];
}

interface Scan {
  readonly text: string;
  readonly lineOf: LineOf;
  readonly duplicates: DocumentFault[];
  at: number;
}

const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const literals: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** The offset of the next character that is no white space. */
export function skipSpace(text: string, from: number): number {
  space.lastIndex = from;
  return from + (space.exec(text)?.[0].length ?? 0);
}

/**
 * Reads one strict JSON value; kubectl reads a file that starts with `{` as a sequence of these.
 *
 * @throws DocumentFault where the text is no JSON
 */
export function parseJson(text: string, from: number, lineOf: LineOf): JsonValue {
  const scan: Scan = { text, lineOf, duplicates: [], at: skipSpace(text, from) };
  const root = value(scan, 0);
  return { root, end: scan.at, duplicates: scan.duplicates };
}

function value(scan: Scan, depth: number): SourceNode {
  if (depth > maxDepth) throw tooDeep(scan.at);
  const start = scan.at;
  switch (scan.text.charAt(start)) {
    case '{':
      return object(scan, depth);
    case '[': {
      const items: { start: number; value: SourceNode; aliased: boolean }[] = [];
      each(scan, ']', () => {
        items.push({ start: scan.at, value: value(scan, depth + 1), aliased: false });
      });
      return { kind: 'list', start, items };
    }
    case '"': {
      const content = string(scan);
      return { kind: 'scalar', start, end: scan.at, value: content };
    }
    default:
      return { kind: 'scalar', start, value: literal(scan), end: scan.at };
  }
}

function object(scan: Scan, depth: number): MapNode {
  const node: MapNode = { kind: 'map', start: scan.at, entries: new Map() };
  each(scan, '}', () => {
    const keyStart = scan.at;
    if (scan.text[keyStart] !== '"') throw unexpected(scan, 'a key in double quotes');
    const key = string(scan);
    const keyEnd = scan.at;
    scan.at = skipSpace(scan.text, scan.at);
    if (scan.text[scan.at] !== ':') throw unexpected(scan, '":" after the key');
    scan.at = skipSpace(scan.text, scan.at + 1);
    const known = node.entries.get(key);
    if (known !== undefined) scan.duplicates.push(duplicateKey(key, known.keyStart, keyStart, scan.lineOf));
    node.entries.set(key, { keyStart, keyEnd, value: value(scan, depth + 1), aliased: false });
  });
  return node;
}

/** Goes through what stands between brackets, separated by commas. */
function each(scan: Scan, close: ']' | '}', read: () => void): void {
  scan.at = skipSpace(scan.text, scan.at + 1);
  if (scan.text[scan.at] === close) {
    scan.at++;
    return;
  }
  for (;;) {
    read();
    scan.at = skipSpace(scan.text, scan.at);
    const found = scan.text[scan.at];
    if (found === close) {
      scan.at++;
      return;
    }
    if (found !== ',') throw unexpected(scan, `"," or "${close}"`);
    scan.at = skipSpace(scan.text, scan.at + 1);
  }
}

function string(scan: Scan): string {
  const start = scan.at;
  let end = start + 1;
  while (end < scan.text.length && scan.text[end] !== '"') end += scan.text[end] === '\\' ? 2 : 1;
  if (end >= scan.text.length)
    throw syntaxFault('A string is not closed: the double quote at its end is missing.', start);
  scan.at = end + 1;
  try {
    const content: unknown = JSON.parse(scan.text.slice(start, scan.at));
    // Go reads half a surrogate pair as U+FFFD.
    return String(content).toWellFormed();
  } catch {
    throw syntaxFault('A string holds an escape or a character that JSON does not know.', start);
  }
}

function literal(scan: Scan): boolean | number | null {
  for (const [word, meaning] of literals) {
    if (scan.text.startsWith(word, scan.at)) {
      scan.at += word.length;
      return meaning;
    }
  }
  number.lastIndex = scan.at;
  const digits = number.exec(scan.text)?.[0];
  if (digits === undefined) throw unexpected(scan, 'a value');
  const size = Number(digits);
  if (!Number.isFinite(size)) {
    throw new DocumentFault('unsupported-value', 'This number is too large for Kubernetes.', scan.at);
  }
  scan.at += digits.length;
  return size === 0 ? 0 : size;
}

function unexpected(scan: Scan, expected: string): DocumentFault {
  const problem = scan.at >= scan.text.length ? 'The JSON ends here' : 'This is no valid JSON';
  return syntaxFault(`${problem}: expected ${expected}.`, Math.min(scan.at, scan.text.length));
}
