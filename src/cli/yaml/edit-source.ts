import {
  isAlias,
  isCollection as isCollectionNode,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type ParsedNode,
} from 'yaml';
import type { PatchOperation } from '../../engine/json-patch.ts';
import { pointerSteps } from '../../engine/locate.ts';
import { insertInFlow, insertItem, insertLine, removeItem } from './edit-items.ts';
import {
  isBlock,
  isCollection,
  renderAfter,
  renderInFlow,
  renderKey,
  renderScalar,
  type Json,
} from './render-value.ts';
import {
  columnOf,
  contentEnd,
  dashOf,
  EditFault,
  editorOf,
  isBlockText,
  isEmptyScalar,
  leadOf,
  pairOf,
  renderInside,
  scalarLike,
  splice,
  trimBack,
  type Editor,
  type ListNode,
  type MapNode,
  type Style,
} from './source-text.ts';

type Step = string | number;

/** What becomes of a place that others share through an anchor. */
export type Aliases = 'shared' | 'written out';

/**
 * Writes one operation of a JSON Patch into the text of a YAML or JSON document and leaves every other character as
 * it is: comments, order, quotes, anchors and line endings stay.
 *
 * @param path the steps to the object in its document, before those of the operation
 * @param aliases whether what stands behind an alias is edited where it is written, or written out at the alias
 * @param valueAt what the whole object will hold at these steps once the operation is applied
 * @param style of the document, where the text is a part of it
 * @throws EditFault where the place is no place of its own, such as a mapping key that is no text
 */
export function editSource(
  text: string,
  path: readonly Step[],
  operation: PatchOperation,
  aliases: Aliases,
  valueAt: (steps: readonly Step[]) => Json,
  style?: Style,
): string {
  const editor = editorOf(text, style);
  const steps = pointerSteps(operation.path);
  const [parent, rest, done] = follow(editor, [...path, ...steps], path.length, aliases);
  const [step, ...below] = rest;
  if (step === undefined || parent === null) throw new EditFault('the whole document would change');
  // The rest of the way is written elsewhere (an alias, a merge): from here on the value is written out.
  if (below.length > 0 || isAlias(parent)) return writeOut(editor, parent, done, step, valueAt);
  const value = operation.value as Json;
  if (isMap<ParsedNode>(parent)) return editMap(editor, parent, operation.op, String(step), value);
  if (isSeq<ParsedNode>(parent)) return editList(editor, parent, operation.op, step, value);
  throw new EditFault('the place is neither in a mapping nor in a list');
}

/**
 * Gives a field another name where it stands, so that its value keeps comments, quotes and layout; undefined where the
 * field is written elsewhere (an alias, a merge).
 */
export function renameField(
  text: string,
  path: readonly Step[],
  pointer: string,
  name: string,
  style?: Style,
): string | undefined {
  const editor = editorOf(text, style);
  const steps = pointerSteps(pointer);
  const [parent, rest] = follow(editor, [...path, ...steps], path.length);
  const key =
    isMap<ParsedNode>(parent) && rest.length === 1 ? pairOf(parent, String(rest[0]))?.key : undefined;
  if (key === undefined) return undefined;
  const isQuoted = editor.text[key.range[0]] === '"';
  return splice(editor, key.range[0], key.range[1], isQuoted ? JSON.stringify(name) : renderKey(name));
}

/** Goes down as far as the way is written in place; returns what is left of it, and what was gone already. */
function follow(
  { root, resolve }: Editor,
  steps: readonly Step[],
  own: number,
  aliases: Aliases = 'written out',
): [ParsedNode | null, readonly Step[], readonly Step[]] {
  let node: ParsedNode | null = root;
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    const child = childOf(node, step);
    const isShared = aliases === 'shared' && !isLast && isAlias(child);
    const next: ParsedNode | null | undefined = isShared ? resolve(child) : child;
    if (isLast || next === undefined || next === null || !isCollectionNode(next)) {
      const holdsAlias = !isLast && next != null && isAlias(next);
      if (holdsAlias) return [next, steps.slice(index + 1), steps.slice(own, index + 1)];
      return [node, steps.slice(index), steps.slice(own, index)];
    }
    node = next;
  }
  return [node, [], steps.slice(own)];
}

function childOf(node: ParsedNode | null, step: Step): ParsedNode | null | undefined {
  if (isMap<ParsedNode, ParsedNode | null>(node)) return pairOf(node, String(step))?.value;
  if (isSeq<ParsedNode>(node)) return node.items[Number(step)];
  return undefined;
}

function writeOut(
  editor: Editor,
  parent: ParsedNode,
  done: readonly Step[],
  step: Step,
  valueAt: (steps: readonly Step[]) => Json,
): string {
  const value = valueAt([...done, step]);
  if (isMap<ParsedNode>(parent)) {
    const op = pairOf(parent, String(step)) === undefined ? 'add' : 'replace';
    return editMap(editor, parent, op, String(step), value);
  }
  if (isAlias(parent)) return extendAlias(editor, parent, step, value, valueAt(done));
  throw new EditFault('the place is written elsewhere');
}

/** `*common` becomes a mapping that merges it, or is written out where it is a list. */
function extendAlias(editor: Editor, alias: Alias.Parsed, step: Step, value: Json, whole: Json): string {
  const [from, to] = alias.range;
  const { text, layout } = editor;
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(lineStart, from);
  const indent = /^ */.exec(before)?.[0].length ?? 0;
  if (Array.isArray(whole) || typeof step === 'number') {
    return splice(editor, from, to, renderInFlow(whole));
  }
  const name = text.slice(from, to);
  if (/[{[,]/.test(before.replace(/"[^"]*"/g, ''))) {
    return splice(editor, from, to, `{ <<: ${name}, ${renderKey(step)}: ${renderInFlow(value)} }`);
  }
  const inItem = /^[ -]*- $/.test(before);
  const pad = inItem ? before.length : indent + layout.indent;
  const entry = `${' '.repeat(pad)}${renderKey(step)}:${renderAfter(value, pad, layout)}`;
  if (inItem) return splice(editor, from, to, `<<: ${name}${layout.eol}${entry}`);
  const lead = layout.eol + ' '.repeat(pad);
  return replaceBehind(
    editor,
    text.slice(0, from).trimEnd().length,
    to,
    `${lead}<<: ${name}${layout.eol}${entry}`,
  );
}

/** Puts a block where a value of one line stood; a comment behind that value stays on its line. */
function replaceBehind(editor: Editor, from: number, to: number, block: string): string {
  const comment = /[ \t]*#[^\r\n]*/y;
  comment.lastIndex = to;
  const behind = comment.exec(editor.text)?.[0] ?? '';
  return splice(editor, from, to + behind.length, behind + block);
}

function editMap(editor: Editor, map: MapNode, op: PatchOperation['op'], key: string, value: Json): string {
  const pair = pairOf(map, key);
  if (op === 'remove') {
    if (pair === undefined) throw new EditFault('the field is merged in from elsewhere');
    return removeItem(editor, map, map.items.indexOf(pair));
  }
  if (pair !== undefined) return replaceValue(editor, map, pair.key, pair.value, value);
  return map.flow === true
    ? insertInFlow(editor, map, map.items.length, (lead) => flowEntry(editor, key, value, lead))
    : insertEntry(editor, map, key, value);
}

function flowEntry(editor: Editor, key: string, value: Json, lead: string | undefined): string {
  const { json } = editor;
  const name = json === undefined ? `${renderKey(key)}: ` : `${JSON.stringify(key)}:${json.gap}`;
  return name + renderInside(editor, value, lead);
}

function insertEntry(editor: Editor, map: MapNode, key: string, value: Json): string {
  const last = map.items.at(-1);
  const first = map.items[0];
  if (first === undefined || last === undefined) throw new EditFault('the mapping is empty');
  const indent = columnOf(editor, first.key.range[0]);
  const entry = `${' '.repeat(indent)}${renderKey(key)}:${renderAfter(value, indent, editor.layout)}`;
  return insertLine(editor, contentEnd(last.key, last.value), entry);
}

function replaceValue(
  editor: Editor,
  map: MapNode,
  key: ParsedNode,
  node: ParsedNode | null,
  value: Json,
): string {
  const { text, layout } = editor;
  if (map.flow === true) {
    if (node === null) throw new EditFault('the field has no value to replace');
    return replaceInFlow(editor, node, value);
  }
  const column = columnOf(editor, key.range[0]);
  if (node !== null && isScalar(node) && !isBlock(value) && !isEmptyScalar(node) && !isBlockText(node)) {
    return splice(editor, node.range[0], node.range[1], scalarLike(node, value, renderScalar));
  }
  const isFlow = node !== null && isCollectionNode(node) && node.flow === true;
  if (isFlow && isCollection(value)) return replaceInFlow(editor, node, value);
  const colon = text.indexOf(':', key.range[1]) + 1;
  const end = Math.max(colon, trimBack(text, contentEnd(key, node)));
  const rendered = renderAfter(value, column, layout);
  const isBelow = rendered.startsWith(layout.eol);
  if (isBelow && !text.slice(colon, end).includes('\n')) return replaceBehind(editor, colon, end, rendered);
  const comment = commentBehind(editor, colon, node);
  if (comment === undefined) return splice(editor, colon, end, rendered);
  const behind = colon + comment.length;
  return isBelow
    ? splice(editor, behind, Math.max(behind, end), rendered)
    : splice(editor, colon, Math.max(behind, end), `${rendered} ${comment.trimStart()}`);
}

/** A comment between a colon and a value that begins on a later line, or is left out. */
function commentBehind({ text }: Editor, colon: number, node: ParsedNode | null): string | undefined {
  const comment = /^[ \t]*#[^\r\n]*/.exec(text.slice(colon))?.[0];
  return comment !== undefined &&
    (node === null || isEmptyScalar(node) || node.range[0] > colon + comment.length)
    ? comment
    : undefined;
}

function replaceInFlow(editor: Editor, node: ParsedNode, value: Json): string {
  const [from, to] = node.range;
  const lead = leadOf(editor, from);
  return splice(
    editor,
    from,
    to,
    scalarLike(node, value, (one) => renderInside(editor, one, lead)),
  );
}

function editList(editor: Editor, list: ListNode, op: PatchOperation['op'], step: Step, value: Json): string {
  const index = step === '-' ? list.items.length : Number(step);
  const item = list.items[index];
  if (op === 'remove') return removeItem(editor, list, index);
  if (list.flow === true) {
    if (op === 'add') return insertInFlow(editor, list, index, (lead) => renderInside(editor, value, lead));
    if (item === undefined) throw new EditFault('the list is shorter');
    return replaceInFlow(editor, item, value);
  }
  if (op === 'add') return insertItem(editor, list, index, value);
  if (item === undefined) throw new EditFault('the list is shorter');
  if (isScalar(item) && !isBlock(value) && !isBlockText(item)) {
    return splice(editor, item.range[0], item.range[1], scalarLike(item, value, renderScalar));
  }
  const dash = dashOf(editor, item);
  const rendered = renderAfter(value, columnOf(editor, dash), editor.layout, true);
  return splice(editor, dash + 1, trimBack(editor.text, contentEnd(undefined, item)), rendered);
}
