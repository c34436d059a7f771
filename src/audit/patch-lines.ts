import { isDeepStrictEqual } from 'node:util';
import { isRecord, redact, type JsonRecord } from '#sdk';
import { stringify } from 'yaml';
import { mergeKeysOf } from '../engine/locate.ts';
import { printable } from '../engine/message.ts';
import { oneLine } from '../report/one-line.ts';
import { placeBelow, type Mask } from './patch-mask.ts';
import type { SecretPlace } from '../engine/secret-fields.ts';

/** YAML 1.1 decides what needs quotes, because that is what Kubernetes reads. */
const yaml = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;
const longestLine = 300;
const mostLines = 100;

/**
 * How an object changes, as lines of YAML: `+` and `-` before what comes and goes, and a space before the fields and
 * list items on the way there. Nothing else of the object is in them. Of more than 100 lines the first are there, and
 * how many there are besides.
 *
 * @example
 * patchLines({ spec: {} }, { spec: { hostPID: false } }, maskOf({})); // [' spec:', '+  hostPID: false']
 */
export function patchLines(before: object, after: object, mask: Mask): readonly string[] {
  const lines = tableLines(before as JsonRecord, after as JsonRecord, { pad: '', place: 'open', mask });
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), ` # and ${more} more lines`] : lines;
}

interface At {
  readonly pad: string;
  readonly place: SecretPlace;
  readonly mask: Mask;
}

function tableLines(before: JsonRecord, after: JsonRecord, at: At): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [had, has] = [Object.hasOwn(before, key), Object.hasOwn(after, key)];
    const [old, present] = [had ? before[key] : undefined, has ? after[key] : undefined];
    if (had && has && isDeepStrictEqual(old, present)) return [];
    const inner = { ...at, pad: `${at.pad}  ` };
    const field = (table: JsonRecord): At => ({
      ...inner,
      place: placeBelow(at.place, key, table[key], table),
    });
    const name = ` ${at.pad}${written(redact(key))}:`;
    if (isRecord(old) && isRecord(present)) return [name, ...tableLines(old, present, field(before))];
    if (Array.isArray(old) && Array.isArray(present))
      return [name, ...listLines(key, old, present, field(before))];
    const line = (mark: string, table: JsonRecord): readonly string[] =>
      marked(mark, at.pad, { [redact(key)]: at.mask.value(table[key], field(table).place) });
    return [...(had ? line('-', before) : []), ...(has ? line('+', after) : [])];
  });
}

/** Items of lists of one length are compared in pairs; otherwise only what the lists begin and end with is alike. */
function listLines(
  name: string,
  before: readonly unknown[],
  after: readonly unknown[],
  at: At,
): readonly string[] {
  if (before.length === after.length)
    return before.flatMap((old, index) => itemLines(name, old, after[index], { index, ...at }));
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isDeepStrictEqual(before[start], after[start])) start++;
  let end = 0;
  while (end < shorter - start && isDeepStrictEqual(before.at(-1 - end), after.at(-1 - end))) end++;
  const items = (mark: string, list: readonly unknown[]): readonly string[] =>
    list
      .slice(start, list.length - end)
      .flatMap((item) => marked(mark, at.pad, [at.mask.value(item, at.place)]));
  return [...items('-', before), ...items('+', after)];
}

function itemLines(
  name: string,
  old: unknown,
  present: unknown,
  { index, ...at }: At & { readonly index: number },
): readonly string[] {
  if (isDeepStrictEqual(old, present)) return [];
  if (!isRecord(old) || !isRecord(present)) {
    const line = (mark: string, item: unknown): readonly string[] =>
      marked(mark, at.pad, [at.mask.value(item, at.place)]);
    return [...line('-', old), ...line('+', present)];
  }
  const key = mergeKeysOf(name).find((one) => old[one] !== undefined && old[one] === present[one]);
  const title =
    key === undefined
      ? `# number ${index + 1}`
      : `${key}: ${written(at.mask.value(old[key], placeBelow(at.place, key, old[key], old)))}`;
  return [` ${at.pad}- ${title}`, ...tableLines(old, present, { ...at, pad: `${at.pad}  ` })];
}

function marked(mark: string, pad: string, value: unknown): readonly string[] {
  return stringify(value, yaml)
    .trimEnd()
    .split('\n')
    .map((line) => oneLine(`${mark}${pad}${cut(line)}`));
}

function cut(line: string): string {
  return line.length > longestLine ? printable(line, longestLine) : line;
}

/** A key or a name, on one line. */
function written(value: unknown): string {
  return oneLine(cut(stringify(value, yaml).trimEnd()));
}
