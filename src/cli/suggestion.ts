import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord } from '#sdk';
import { mergeKeysOf } from '../engine/locate.ts';
import { printable } from '../engine/message.ts';
import { indexesBesides } from './yaml/indexes-besides.ts';
import { readManifests } from './yaml/read-manifests.ts';
import { renderAfter, renderKey, type Json } from './yaml/render-value.ts';

const head = ['apiVersion', 'kind'];
const layout = { eol: '\n', indent: 2, listIndent: 2 };

/**
 * What a policy suggests, as YAML to write: the part of the object that changes, as it reads afterwards, with the names
 * of the list items it changes in. What goes is named in comments: `# remove: readinesProbe`. Lists whose items have no
 * names are written whole. Values that could be credentials are masked, and marked as what they are now.
 */
export function suggestionText(before: JsonRecord, after: JsonRecord): string {
  const rest = compareMaps(without(before, ...head), without(after, ...head));
  const lines = [
    ...head.flatMap((key) => written(key, after[key])),
    ...rest.lines,
    ...rest.removed.map(remark),
  ];
  const { excerpt } = readManifests(lines.join('\n'), { isPassing: true });
  return lines
    .map((line, index) => {
      if (/^\s*# remove: /.test(line)) return line;
      const shown = excerpt(index + 1);
      // Nobody should paste the mask: the value is one that the object has already.
      return shown === line ? line : `${shown} # as it stands now`;
    })
    .join('\n');
}

interface Changes {
  /** What there is to write; none where nothing is. */
  readonly lines: readonly string[];
  /** What is to be taken away and has no place among the lines, seen from here: `securityContext.privileged`. */
  readonly removed: readonly string[];
}

const none: Changes = { lines: [], removed: [] };

function compare(key: string, before: unknown, after: unknown): Changes {
  if (isDeepStrictEqual(before, after)) return none;
  const inner = compareInside(key, before, after);
  if (inner === undefined) return { lines: written(key, after), removed: [] };
  return {
    lines: inner.lines.length === 0 ? [] : [`${renderKey(key)}:`, ...inner.lines.map(deeper)],
    removed: inner.removed.map((step) => stepText(key) + (step.startsWith('[') ? step : `.${step}`)),
  };
}

/** Undefined where only the whole value says what it is to be. */
function compareInside(key: string, before: unknown, after: unknown): Changes | undefined {
  if (isRecord(before) && isRecord(after)) return compareMaps(before, after);
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  return compareLists(key, before as readonly unknown[], after as readonly unknown[]);
}

function compareMaps(before: JsonRecord, after: JsonRecord): Changes {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const inside = Object.entries(after).map(([key, value]) =>
    compare(key, Object.hasOwn(before, key) ? before[key] : undefined, value),
  );
  const lines = inside.flatMap((changes) => changes.lines);
  const removed = [...gone.map(stepText), ...inside.flatMap((changes) => changes.removed)];
  // A table without anything in it would read as if it were to become empty.
  return lines.length === 0 ? { lines, removed } : { lines: [...lines, ...removed.map(remark)], removed: [] };
}

/** Lists whose items have names are compared item by item. */
function compareLists(
  name: string,
  before: readonly unknown[],
  after: readonly unknown[],
): Changes | undefined {
  const key = mergeKeysOf(name).find((candidate) =>
    [...before, ...after].every((item) => nameOf(item, candidate) !== undefined),
  );
  if (key === undefined) return undefined;
  const gone = indexesBesides(before, after);
  if (gone !== undefined) return { lines: [], removed: gone.map((index) => itemText(before, index, key)) };
  const old = byName(before, key);
  const present = byName(after, key);
  const [kept, same] = [
    [...old.keys()].filter((id) => present.has(id)),
    [...present.keys()].filter((id) => old.has(id)),
  ];
  if (!isDeepStrictEqual(kept, same)) return undefined;
  const lines = [...present].flatMap(([id, item]) => {
    const was = old.get(id);
    if (was === undefined) return `-${renderAfter(item as Json, 0, layout, true)}`.split('\n');
    if (isDeepStrictEqual(was, item)) return [];
    // The name may be what changes: a port that was text.
    const changes = compareMaps(without(was, key), without(item, key));
    const [first = '', ...others] = [
      ...written(key, item[key]),
      ...changes.lines,
      ...changes.removed.map(remark),
    ];
    return [`- ${first}`, ...others.map(deeper)];
  });
  const removed = [...old.keys()].filter((id) => !present.has(id)).map((id) => `[${stepText(id)}]`);
  return { lines, removed };
}

function without(record: JsonRecord, ...keys: readonly string[]): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

function written(key: string, value: unknown): readonly string[] {
  return `${renderKey(key)}:${renderAfter(value as Json, 0, layout)}`.split('\n');
}

function deeper(line: string): string {
  return line === '' ? '' : `  ${line}`;
}

function remark(what: string): string {
  return `# remove: ${what}`;
}

/** `[DB_HOST]`, and where several have that name `[DB_HOST], number 2 of 3`. */
function itemText(items: readonly unknown[], index: number, key: string): string {
  const name = nameOf(items[index], key) ?? '';
  const same = [...items.keys()].filter((position) => nameOf(items[position], key) === name);
  const place = same.length === 1 ? '' : `, number ${same.indexOf(index) + 1} of ${same.length}`;
  return `[${stepText(name)}]${place}`;
}

function nameOf(item: unknown, key: string): string | undefined {
  const value = isRecord(item) && Object.hasOwn(item, key) ? item[key] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Items by name; of several with the same one, the later have their position among them: `A#2`. */
function byName(items: readonly unknown[], key: string): ReadonlyMap<string, JsonRecord> {
  const named = new Map<string, JsonRecord>();
  const count = new Map<string, number>();
  for (const item of items.filter(isRecord)) {
    const name = nameOf(item, key) ?? '';
    const position = (count.get(name) ?? 0) + 1;
    count.set(name, position);
    named.set(position === 1 ? name : `${name}#${position}`, item);
  }
  return named;
}

function stepText(step: string): string {
  const text = printable(step, 253);
  return /^[\w-]+(?:#\d+)?$/.test(text) ? text : JSON.stringify(text);
}
