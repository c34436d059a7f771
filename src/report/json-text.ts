import { escapeUnprintable } from '../engine/message.ts';

/** Indented JSON with a line feed at its end; what is unprintable is escaped, which changes no value. */
export function jsonText(value: unknown): string {
  return `${escapeUnprintable(JSON.stringify(value, null, 2))}\n`;
}

/** The same text of an object in pieces, for what is too long to be held twice: a piece for each item of its lists. */
export function* jsonPieces(value: Readonly<Record<string, unknown>>): Generator<string, void, undefined> {
  const indented = (part: unknown, depth: number): string =>
    escapeUnprintable(JSON.stringify(part, null, 2)).replaceAll('\n', `\n${' '.repeat(depth)}`);
  let before = '{\n';
  for (const [key, part] of Object.entries(value)) {
    // JSON leaves out what is undefined.
    if (part === undefined) continue;
    yield `${before}  ${JSON.stringify(key)}: `;
    before = ',\n';
    if (!Array.isArray(part) || part.length === 0) {
      yield indented(part, 2);
      continue;
    }
    let lead = '[\n    ';
    for (const item of part) {
      yield `${lead}${indented(item, 4)}`;
      lead = ',\n    ';
    }
    yield '\n  ]';
  }
  yield before === '{\n' ? '{}\n' : '\n}\n';
}
