import { escapeUnprintable, unprintable } from '../../engine/message.ts';

/** Hands out each name once. */
export interface Names {
  take(wanted: string): string;
}

export function namesWithout(reserved: readonly string[]): Names {
  const taken = new Set(reserved);
  const next = new Map<string, number>();
  return {
    take(wanted) {
      let name = wanted;
      let count = next.get(wanted) ?? 2;
      while (taken.has(name)) name = `${wanted}${count++}`;
      next.set(wanted, count);
      taken.add(name);
      return name;
    },
  };
}

/** `pod-template` → `PodTemplate`, what has no letters → `Field`. */
export function pascalCase(words: string): string {
  const parts = words.split(/[^a-z0-9]+/i).filter((part) => part !== '');
  return parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('') || 'Field';
}

/** A name as the key of a field: quoted where it is no identifier. */
export function keyText(key: string): string {
  return /^[a-z_$][\w$]*$/i.test(key) ? key : quote(key);
}

/** Text as it stands in TypeScript, characters that could steer a terminal or hide something escaped. */
export function quote(value: string): string {
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escapeUnprintable(inner)}'`;
}

/** The literal type of a value, undefined for lists and objects. */
export function literal(value: unknown): string | undefined {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  return undefined;
}

const width = 108;

/** A description as a comment that nothing in it can end or reach beyond; nothing where it says nothing. */
export function docComment(description: string | undefined, indent: string): string {
  const lines = (description ?? '')
    .split(/\r\n?|\n/)
    .map((line) => line.replace(unprintable, ' ').replaceAll('*/', '*\\/').trim())
    .join('\n')
    .trim()
    .split(/\n/)
    .flatMap((line) => wrap(line, width - indent.length));
  const [first = '', ...rest] = lines;
  if (rest.length === 0) return first === '' ? '' : `${indent}/** ${first} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

function wrap(line: string, longest: number): readonly string[] {
  const wrapped: string[] = [];
  let current = '';
  for (const word of line.split(/ +/)) {
    if (current !== '' && current.length + 1 + word.length > longest) {
      wrapped.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...wrapped, current];
}
