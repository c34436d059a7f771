/** Characters that JSON lets stand and that steer a terminal or turn the reading direction. */
const steering = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

function escaped(text: string): string {
  return text.replace(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Indented JSON with a line feed at its end; steering characters are escaped, which changes no value. */
export function jsonText(value: unknown): string {
  return `${escaped(JSON.stringify(value, null, 2))}\n`;
}

/** The same text of an object in pieces, for what is too long to be held twice: a piece for each item of its lists. */
export function* jsonPieces(value: Readonly<Record<string, unknown>>): Generator<string, void, undefined> {
  const indented = (part: unknown, depth: number): string =>
    escaped(JSON.stringify(part, null, 2)).replaceAll('\n', `\n${' '.repeat(depth)}`);
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
