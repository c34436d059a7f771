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
import { insertInFlow, insertItem, insertLine, removeItem } from './edit-items.ts';
import { isBlock, renderAfter, renderInFlow, renderKey, type Json } from './render-value.ts';
import {
  columnOf,
  contentEnd,
  dashOf,
  EditFault,
  editorOf,
  isBlockText,
  isEmptyScalar,
  pairOf,
  scalarLike,
  splice,
  trimBack,
  type Editor,
  type ListNode,
  type MapNode,
} from './source-text.ts';

type Step = string | number;

/**
 * Writes one operation of a JSON Patch into the text of a YAML or JSON document and leaves every other character as
 * it is: comments, order, quotes, anchors and line endings stay.
 *
 * @param path the steps to the object in its document, before those of the operation
 * @param valueAt what the whole object will hold at these steps once the operation is applied
 * @throws EditFault where the place is no place of its own, such as a mapping key that is no text
 */
export function editSource(
  text: string,
  path: readonly Step[],
  operation: PatchOperation,
  valueAt: (steps: readonly Step[]) => Json,
): string {
  const editor = editorOf(text);
  const steps = operation.path.split('/').slice(1).map(unescapeStep);
  const [parent, rest, done] = follow(editor, [...path, ...steps], path.length);
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
): string | undefined {
  const editor = editorOf(text);
  const steps = pointer.split('/').slice(1).map(unescapeStep);
  const [parent, rest] = follow(editor, [...path, ...steps], path.length);
  const key =
    isMap<ParsedNode>(parent) && rest.length === 1 ? pairOf(parent, String(rest[0]))?.key : undefined;
  if (key === undefined) return undefined;
  const isQuoted = editor.text[key.range[0]] === '"';
  return splice(editor, key.range[0], key.range[1], isQuoted ? JSON.stringify(name) : renderKey(name));
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Goes down as far as the way is written in place; returns what is left of it, and what was gone already. */
function follow(
  { root }: Editor,
  steps: readonly Step[],
  own: number,
): [ParsedNode | null, readonly Step[], readonly Step[]] {
  let node: ParsedNode | null = root;
  for (const [index, step] of steps.entries()) {
    const next = childOf(node, step);
    const isLast = index === steps.length - 1;
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
  const { text, eol } = editor;
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(lineStart, from);
  const indent = /^ */.exec(before)?.[0].length ?? 0;
  if (Array.isArray(whole) || typeof step === 'number') {
    return splice(editor, from, to, renderInFlow(whole, 'yaml'));
  }
  const name = text.slice(from, to);
  if (/[{[,]/.test(before.replace(/"[^"]*"/g, ''))) {
    return splice(editor, from, to, `{ <<: ${name}, ${renderKey(step)}: ${renderInFlow(value, 'yaml')} }`);
  }
  const inItem = /^[ -]*- $/.test(before);
  const pad = inItem ? before.length : indent + 2;
  const lead = inItem ? '' : eol + ' '.repeat(pad);
  const cut = inItem ? from : text.slice(0, from).trimEnd().length;
  const entry = `${' '.repeat(pad)}${renderKey(step)}:${renderAfter(value, pad + 2, eol)}`;
  return splice(editor, cut, to, `${lead}<<: ${name}${eol}${entry}`);
}

function editMap(editor: Editor, map: MapNode, op: PatchOperation['op'], key: string, value: Json): string {
  const pair = pairOf(map, key);
  if (op === 'remove') {
    if (pair === undefined) throw new EditFault('the field is merged in from elsewhere');
    return removeItem(editor, map, map.items.indexOf(pair));
  }
  if (pair !== undefined) return replaceValue(editor, map, pair.key, pair.value, value);
  return map.flow === true
    ? insertInFlow(editor, map, map.items.length, flowEntry(editor, key, value))
    : insertEntry(editor, map, key, value);
}

function flowEntry({ json }: Editor, key: string, value: Json): string {
  return json
    ? `${JSON.stringify(key)}: ${renderInFlow(value, 'json')}`
    : `${renderKey(key)}: ${renderInFlow(value, 'yaml')}`;
}

function insertEntry(editor: Editor, map: MapNode, key: string, value: Json): string {
  const last = map.items.at(-1);
  const first = map.items[0];
  if (first === undefined || last === undefined) throw new EditFault('the mapping is empty');
  const indent = columnOf(editor, first.key.range[0]);
  const entry = `${' '.repeat(indent)}${renderKey(key)}:${renderAfter(value, indent + 2, editor.eol)}`;
  return insertLine(editor, contentEnd(last.key, last.value), entry);
}

function replaceValue(
  editor: Editor,
  map: MapNode,
  key: ParsedNode,
  node: ParsedNode | null,
  value: Json,
): string {
  const { text, eol, json } = editor;
  if (map.flow === true) {
    if (node === null) throw new EditFault('the field has no value to replace');
    return splice(editor, node.range[0], node.range[1], scalarLike(node, value, json ? 'json' : 'yaml'));
  }
  const indent = columnOf(editor, key.range[0]);
  if (node !== null && isScalar(node) && !isBlock(value) && !isEmptyScalar(node) && !isBlockText(node)) {
    return splice(editor, node.range[0], node.range[1], scalarLike(node, value, 'block'));
  }
  const colon = text.indexOf(':', key.range[1]) + 1;
  const end = contentEnd(key, node);
  const rendered = renderAfter(value, indent + 2, eol);
  // A comment behind the colon stays where it is.
  const lineEnd = text.indexOf('\n', colon);
  const comment = /^[ \t]*(#[^\r\n]*)/.exec(text.slice(colon, lineEnd === -1 ? text.length : lineEnd));
  const keeps = comment !== null && (node === null || isEmptyScalar(node) || node.range[0] > lineEnd);
  if (!keeps) return splice(editor, colon, trimBack(text, end), rendered);
  const behind = colon + comment[0].length;
  if (rendered.startsWith(eol))
    return splice(editor, behind, Math.max(behind, trimBack(text, end)), rendered);
  return splice(editor, colon, Math.max(behind, trimBack(text, end)), `${rendered} ${comment[1] ?? ''}`);
}

function editList(editor: Editor, list: ListNode, op: PatchOperation['op'], step: Step, value: Json): string {
  const index = step === '-' ? list.items.length : Number(step);
  const item = list.items[index];
  if (op === 'remove') return removeItem(editor, list, index);
  if (list.flow === true) {
    const style = editor.json ? 'json' : 'yaml';
    if (op === 'add') return insertInFlow(editor, list, index, renderInFlow(value, style));
    if (item === undefined) throw new EditFault('the list is shorter');
    return splice(editor, item.range[0], item.range[1], scalarLike(item, value, style));
  }
  if (op === 'add') return insertItem(editor, list, index, value);
  if (item === undefined) throw new EditFault('the list is shorter');
  if (isScalar(item) && !isBlock(value) && !isBlockText(item)) {
    return splice(editor, item.range[0], item.range[1], scalarLike(item, value, 'block'));
  }
  const dash = dashOf(editor, item);
  const rendered = renderAfter(value, columnOf(editor, dash) + 2, editor.eol, true);
  return splice(editor, dash + 1, trimBack(editor.text, contentEnd(undefined, item)), rendered);
}
