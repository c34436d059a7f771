/** Where a text stops being JSON. */
interface JsonFault {
  /** Offset in UTF-16 units, as strings count. */
  readonly offset: number;
  readonly problem: string;
}

const whitespace = /[\t\n\r ]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const literal = /true|false|null/y;
const hex4 = /[\da-f]{4}/iy;

/**
 * Finds the first place where a text breaks the grammar of RFC 8259. JSON.parse names no position for most
 * mistakes and quotes the text around them instead, which may be part of somebody's password. Only looked for
 * once JSON.parse has refused the text; iterative, so depth costs memory and no stack.
 */
export function findJsonFault(text: string): JsonFault {
  const open: ('{' | '[')[] = [];
  let at = skip(text, 0);
  if (text.charCodeAt(0) === 0xfeff) return { offset: 0, problem: 'a byte order mark' };
  for (;;) {
    // A value is due here.
    const start = text[at];
    if (start === '{' || start === '[') {
      open.push(start);
      at = skip(text, at + 1);
      if (text[at] !== closing(start)) {
        if (start === '[') continue;
        const key = readKey(text, at);
        if (typeof key === 'object') return key;
        at = key;
        continue;
      }
    } else {
      const end = readScalar(text, at);
      if (typeof end === 'object') return end;
      at = end;
    }
    // A value has ended: close what ends with it.
    let next = closeAll(text, at, open);
    if (typeof next === 'object') return next;
    if (open.at(-1) === '{') {
      next = readKey(text, next);
      if (typeof next === 'object') return next;
    }
    at = next;
  }
}

function closing(bracket: string): string {
  return bracket === '{' ? '}' : ']';
}

/** Steps over closing brackets and the comma behind them, to where the next member or item starts. */
function closeAll(text: string, from: number, open: ('{' | '[')[]): number | JsonFault {
  let at = from;
  // An empty object or list is closed by its own bracket first, like any other.
  for (;;) {
    at = skip(text, at);
    const inner = open.at(-1);
    if (inner === undefined) {
      return { offset: at, problem: at >= text.length ? 'an unknown fault' : 'text after the end' };
    }
    if (text[at] === ',') return skip(text, at + 1);
    if (text[at] !== closing(inner)) return fault(text, at, `expected , or ${closing(inner)}`);
    open.pop();
    at += 1;
  }
}

function readKey(text: string, at: number): number | JsonFault {
  if (text[at] !== '"') return fault(text, at, 'expected a key in double quotes');
  const end = readString(text, at);
  if (typeof end === 'object') return end;
  const colon = skip(text, end);
  return text[colon] === ':' ? skip(text, colon + 1) : fault(text, colon, 'expected : after a key');
}

function readScalar(text: string, at: number): number | JsonFault {
  if (text[at] === '"') return readString(text, at);
  const end = match(number, text, at) ?? match(literal, text, at);
  return end ?? fault(text, at, 'expected a value');
}

function readString(text: string, start: number): number | JsonFault {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return { offset: at, problem: 'a control character inside a string' };
    if (code !== 0x5c) continue;
    at += 1;
    const escaped = text[at] ?? '';
    if (escaped === 'u' && match(hex4, text, at + 1) !== undefined) at += 4;
    else if (escaped === '' || !'"\\/bfnrt'.includes(escaped)) return fault(text, at, 'an unknown escape');
  }
  return { offset: text.length, problem: 'the text ends inside a string' };
}

function fault(text: string, offset: number, problem: string): JsonFault {
  return offset >= text.length
    ? { offset: text.length, problem: `the text ends too early: ${problem}` }
    : { offset, problem };
}

function skip(text: string, at: number): number {
  return match(whitespace, text, at) ?? at;
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** `byte 17 (line 2, column 5)`, counted from 1 but for the byte, which is an offset. */
export function describePosition(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `byte ${Buffer.byteLength(before)} (line ${line}, column ${offset - lineStart + 1})`;
}
