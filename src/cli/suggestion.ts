import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord } from '#sdk';
import { Document, YAMLMap, YAMLSeq, type Node } from 'yaml';
import { mergeKeysOf } from '../engine/locate.ts';
import { printable } from '../engine/message.ts';
import { indexesBesides } from './yaml/indexes-besides.ts';
import { readManifests } from './yaml/read-manifests.ts';

/**
 * What a policy suggests, as YAML to write: the part of the object that changes, as it reads afterwards, with the names
 * of the list items it changes in. What goes is named in comments: `# remove: readinesProbe`. Lists whose items have no
 * names are written whole. Values that could be credentials are masked, and marked as what they are now.
 */
export function suggestionText(before: JsonRecord, after: JsonRecord): string {
  const document = new Document(undefined, { version: '1.1', aliasDuplicateObjects: false });
  const changes = compareMaps(document, before, after);
  const root = changes.node ?? new YAMLMap();
  for (const key of ['kind', 'apiVersion']) {
    root.delete(key);
    root.items.unshift(document.createPair(key, after[key]));
  }
  place(root, changes.removed);
  document.contents = root;
  const text = document.toString({ lineWidth: 0 });
  const { excerpt } = readManifests(text, { isPassing: true });
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      if (/^\s*# remove: /.test(line)) return line;
      const shown = excerpt(index + 1);
      // Nobody should paste the mask: the value is one that the object has already.
      return shown === line ? line : `${shown} # as it stands now`;
    })
    .join('\n');
}

interface Changes<N> {
  /** What there is to write; undefined where nothing is. */
  readonly node: N | undefined;
  /** What is to be taken away and has no place in the node, seen from here: `securityContext.privileged`. */
  readonly removed: readonly string[];
}

function compare(document: Document, name: string, before: unknown, after: unknown): Changes<Node> {
  if (isDeepStrictEqual(before, after)) return { node: undefined, removed: [] };
  if (isRecord(before) && isRecord(after)) return compareMaps(document, before, after);
  if (Array.isArray(before) && Array.isArray(after)) {
    return compareLists(document, name, before as readonly unknown[], after as readonly unknown[]);
  }
  return { node: document.createNode(after), removed: [] };
}

function compareMaps(document: Document, before: JsonRecord, after: JsonRecord): Changes<YAMLMap> {
  const node = new YAMLMap();
  const removed = Object.keys(before)
    .filter((key) => !Object.hasOwn(after, key))
    .map(stepText);
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    const inner = compare(document, key, old, value);
    if (inner.node !== undefined) node.items.push(document.createPair(key, inner.node));
    for (const step of inner.removed)
      removed.push(stepText(key) + (step.startsWith('[') ? step : `.${step}`));
  }
  // A table without anything in it would read as if it were to become empty.
  return node.items.length === 0 ? { node: undefined, removed } : place(node, removed);
}

/** Writes what goes below what stays. */
function place<N extends YAMLMap>(node: N, removed: readonly string[]): Changes<N> {
  const comment = remarks(removed);
  if (comment !== undefined) node.comment = comment;
  return { node, removed: [] };
}

function remarks(removed: readonly string[]): string | undefined {
  return removed.length === 0 ? undefined : removed.map((what) => ` remove: ${what}`).join('\n');
}

/** Lists whose items have names are compared item by item; others are written as they read afterwards. */
function compareLists(
  document: Document,
  name: string,
  before: readonly unknown[],
  after: readonly unknown[],
): Changes<Node> {
  const whole = (): Changes<Node> => ({ node: document.createNode(after), removed: [] });
  const key = mergeKeysOf(name).find((candidate) =>
    [...before, ...after].every((item) => nameOf(item, candidate) !== undefined),
  );
  if (key === undefined) return whole();
  const gone = indexesBesides(before, after);
  if (gone !== undefined)
    return { node: undefined, removed: gone.map((index) => itemText(before, index, key)) };
  const old = byName(before, key);
  const present = byName(after, key);
  const kept = [...old.keys()].filter((id) => present.has(id));
  // Where the order changes, only the whole list says what it is to be.
  if (
    !isDeepStrictEqual(
      kept,
      [...present.keys()].filter((id) => old.has(id)),
    )
  )
    return whole();
  const node = new YAMLSeq();
  for (const [id, item] of present) {
    const was = old.get(id);
    if (was === undefined) node.items.push(document.createNode(item));
    else {
      const { node: changed, removed } = compareMaps(document, was, item);
      if (changed === undefined && removed.length === 0) continue;
      const map = changed ?? new YAMLMap();
      // It may be what changes: a port that was text.
      map.delete(key);
      map.items.unshift(document.createPair(key, item[key]));
      node.items.push(place(map, changed === undefined ? removed : []).node ?? map);
    }
  }
  const removed = [...old.keys()].filter((id) => !present.has(id)).map((id) => `[${stepText(id)}]`);
  return node.items.length === 0 ? { node: undefined, removed } : { node, removed };
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
