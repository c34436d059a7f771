import { COLLECTION_STYLE, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type Event } from 'js-yaml';
import { keyText, resolveScalar } from './resolve-scalar.ts';
import type { Entry, Item, ScalarValue, SourceNode } from './source-node.ts';

/**
 * Nearly every manifest is plain YAML: no anchors, tags or tabs, each key on one line with its colon. js-yaml reads it
 * about twenty times as fast as the thorough reader does. Whatever it refuses, and whatever Kubernetes might read in
 * another way, is left to that one, which alone says what is wrong with a text.
 */

type EventOf<Name extends keyof typeof EVENT_ID> = Extract<Event, { type: (typeof EVENT_ID)[Name] }>;

interface Read {
  readonly text: string;
  readonly base: number;
  readonly events: readonly Event[];
  /** Index of the next event. */
  at: number;
  /** How many brackets are open. */
  flowLevel: number;
}

const maxDepth = 100;
/** The thorough reader refuses keys beyond 1024 characters, quotes included. */
const maxKeyLength = 1000;

/** js-yaml passes over one at the beginning. */
const documentEnd = /^\.\.\./m;

/** Made once, because the stack of an error costs more than most documents. */
const notPlain = new Error('This YAML is not plain.');

/**
 * @param text one document
 * @param base its offset in the file
 * @returns undefined for anything but a plain mapping
 */
export function parsePlainYaml(text: string, base: number): SourceNode | undefined {
  if (text.includes('\t') || documentEnd.test(text)) return undefined;
  try {
    const events = parseEvents(text, { maxDepth });
    const [document, root] = events;
    if (document?.type !== EVENT_ID.DOCUMENT || root?.type !== EVENT_ID.MAPPING) return undefined;
    if (document.directives.length > 0 || document.explicitStart || document.explicitEnd) return undefined;
    const read: Read = { text, base, events, at: 1, flowLevel: 0 };
    const tree = readNode(read, 0);
    // One more event closes the document; what follows would be another one.
    return read.at === events.length - 1 ? tree : undefined;
  } catch {
    // Whatever it was, the thorough reader says it better.
    return undefined;
  }
}

/** @param after offset behind the colon or dash before the node, where it is known */
function readNode(read: Read, after: number | undefined): SourceNode {
  const event = read.events[read.at++];
  if (event === undefined || hasProperties(event)) throw notPlain;
  switch (event.type) {
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE: {
      const level = event.style === COLLECTION_STYLE.FLOW ? 1 : 0;
      read.flowLevel += level;
      const node = event.type === EVENT_ID.MAPPING ? readMap(read, event) : readList(read, event);
      read.flowLevel -= level;
      return node;
    }
    case EVENT_ID.SCALAR:
      return readScalar(read, event, after);
    case EVENT_ID.DOCUMENT:
    case EVENT_ID.ALIAS:
    case EVENT_ID.POP:
      throw notPlain;
  }
}

function hasProperties(event: Event): boolean {
  return (
    ('anchorStart' in event && event.anchorStart !== -1) || ('tagStart' in event && event.tagStart !== -1)
  );
}

function isAtEnd(read: Read): boolean {
  if (read.events[read.at]?.type !== EVENT_ID.POP) return false;
  read.at++;
  return true;
}

function readMap(read: Read, { start, style }: EventOf<'MAPPING'>): SourceNode {
  // [key: value] is a mapping without a brace of its own.
  if (style === COLLECTION_STYLE.FLOW && read.text[start] !== '{') throw notPlain;
  const entries = new Map<string, Entry>();
  while (!isAtEnd(read)) {
    const key = read.events[read.at++];
    if (key?.type !== EVENT_ID.SCALAR || hasProperties(key)) throw notPlain;
    const [from, to] = rangeOf(key);
    if (style !== COLLECTION_STYLE.FLOW) checkLineStart(read.text, from);
    const name = nameOf(read, key);
    const colon = colonBehind(read.text, to);
    if (to - from > maxKeyLength || name === undefined || colon === undefined || entries.has(name))
      throw notPlain;
    const [keyStart, keyEnd] = [read.base + from, read.base + to];
    entries.set(name, { keyStart, keyEnd, value: readNode(read, colon + 1), aliased: false });
  }
  return { kind: 'map', start: read.base + start, entries };
}

/** What a block mapping and one in braces ask of a key alike: a colon on its line, and white space behind that. */
function colonBehind(text: string, end: number): number | undefined {
  let at = end;
  while (text[at] === ' ') at++;
  if (text[at] !== ':') return undefined;
  const next = text[at + 1];
  return next === ' ' || next === '\n' || next === undefined ? at : undefined;
}

function nameOf({ text, flowLevel }: Read, key: EventOf<'SCALAR'>): string | undefined {
  if (key.valueStart === -1 || isBlock(key)) return undefined;
  const source = text.slice(key.valueStart, key.valueEnd);
  const isPlain = key.style === SCALAR_STYLE.PLAIN;
  if (!key.fast || (isPlain && source === '<<')) return undefined;
  if (!isPlain) return source;
  if (flowLevel > 0 && endsEarlier(source)) return undefined;
  const resolved = resolveScalar(source, undefined, true);
  return resolved && keyText(resolved);
}

/** js-yaml takes `- {a: b}c: d` where the dash is no deeper than the key above it. */
function checkLineStart(text: string, at: number): void {
  for (let before = at - 1; before >= 0; before--) {
    const char = text[before];
    if (char === '\n') return;
    if (char !== ' ' && char !== '-') throw notPlain;
  }
}

function readList(read: Read, { start, style }: EventOf<'SEQUENCE'>): SourceNode {
  const items: Item[] = [];
  while (!isAtEnd(read)) {
    const value = readNode(read, undefined);
    if (style !== COLLECTION_STYLE.FLOW) checkLineStart(read.text, value.start - read.base);
    items.push({ start: value.start, value, aliased: false });
  }
  return { kind: 'list', start: read.base + start, items };
}

function readScalar(
  { text, base, flowLevel }: Read,
  event: EventOf<'SCALAR'>,
  after: number | undefined,
): SourceNode {
  if (event.valueStart === -1) {
    // Nothing tells where an empty item is.
    if (after === undefined) throw notPlain;
    return { kind: 'scalar', start: base + after, end: base + after, value: null };
  }
  const [from, to] = isBlock(event) ? blockRange(text, event, after) : rangeOf(event);
  return { kind: 'scalar', start: base + from, end: base + to, value: valueOf(text, event, flowLevel > 0) };
}

function isBlock({ style }: EventOf<'SCALAR'>): boolean {
  return style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
}

/** Of the scalar as it is written, quotes and all. */
function rangeOf({ style, valueStart, valueEnd }: EventOf<'SCALAR'>): readonly [from: number, to: number] {
  const quote = style === SCALAR_STYLE.PLAIN ? 0 : 1;
  return [valueStart - quote, valueEnd + quote];
}

// The thorough reader counts the blank lines that "+" keeps.
const header = /[|>]-?(?: *| +#.*)\n/y;

// Whether lines of spaces behind its last word belong to a block depends on how many they are.
const spaceLines = / *\n(?:\n| +\n)* +(?:\n|$)/y;

/** A block of text begins with its mark, which is not part of the event, and ends where its last line does. */
function blockRange(
  text: string,
  { valueStart, valueEnd }: EventOf<'SCALAR'>,
  after: number | undefined,
): readonly [from: number, to: number] {
  let from = Math.max(text.lastIndexOf('\n', valueStart - 2) + 1, after ?? 0);
  while (text[from] === ' ' || text[from] === '-') from++;
  header.lastIndex = from;
  if (!header.test(text) || header.lastIndex !== valueStart) throw notPlain;
  let end = valueEnd;
  while (text[end - 1] === ' ' || text[end - 1] === '\n') end--;
  spaceLines.lastIndex = end;
  if (end < valueStart || spaceLines.test(text)) throw notPlain;
  const newline = text.indexOf('\n', end);
  return [from, newline === -1 ? text.length : newline + 1];
}

const simpleEscapes = /^(?:[^\\\n]|\\["\\nrt])*$/;

function valueOf(text: string, event: EventOf<'SCALAR'>, isInFlow: boolean): ScalarValue {
  // Kubernetes does not mind how the lines of a text inside brackets are indented.
  if (isInFlow && !event.fast && text.slice(event.valueStart, event.valueEnd).includes('\n')) throw notPlain;
  const content = getScalarValue(text, event);
  if (event.style === SCALAR_STYLE.DOUBLE_QUOTED && !event.fast) {
    // Kubernetes reads fewer escapes and other line breaks.
    if (!simpleEscapes.test(text.slice(event.valueStart, event.valueEnd))) throw notPlain;
  }
  if (event.style !== SCALAR_STYLE.PLAIN) return content;
  if (isInFlow && endsEarlier(content)) throw notPlain;
  return plainValue(content);
}

/** Inside brackets Kubernetes ends plain text at "?" and takes none that begins with ":". */
function endsEarlier(plain: string): boolean {
  return plain.includes('?') || plain.startsWith(':');
}

function plainValue(content: string): ScalarValue {
  const value = resolveScalar(content, undefined, true)?.value;
  const plain = typeof value === 'bigint' ? Number(value) : value;
  // Infinity and NaN are refused, and say so.
  if (plain === undefined || (typeof plain === 'number' && !Number.isFinite(plain))) throw notPlain;
  return plain === 0 ? 0 : plain;
}
