import { isMap, type ParsedNode } from 'yaml';
import { renderAfter, type Json } from './render-value.ts';
import {
  columnOf,
  contentEnd,
  dashOf,
  EditFault,
  splice,
  trimBack,
  type Editor,
  type ListNode,
  type MapNode,
} from './source-text.ts';

/** Puts a line behind the one in which something ends. */
export function insertLine(editor: Editor, end: number, line: string): string {
  const { text, eol } = editor;
  if (end > 0 && text[end - 1] === '\n') return splice(editor, end, end, line + eol);
  const newline = text.indexOf('\n', end);
  if (newline === -1) return splice(editor, text.length, text.length, eol + line);
  return splice(editor, newline + 1, newline + 1, line + eol);
}

export function insertItem(editor: Editor, list: ListNode, index: number, value: Json): string {
  const [first] = list.items;
  const before = list.items[index];
  const last = list.items.at(-1);
  if (first === undefined || last === undefined) throw new EditFault('the list is empty');
  const indent = columnOf(editor, dashOf(editor, first));
  const line = `${' '.repeat(indent)}-${renderAfter(value, indent + 2, editor.eol, true)}`;
  if (before === undefined) return insertLine(editor, contentEnd(undefined, last), line);
  const at = editor.text.lastIndexOf('\n', dashOf(editor, before)) + 1;
  if (editor.text.slice(at, dashOf(editor, before)).trim() !== '')
    throw new EditFault('the item shares its line');
  return splice(editor, at, at, line + editor.eol);
}

/** What a mapping or list holds, with the place where each begins and ends. */
interface Spans {
  readonly items: readonly { readonly start: number; readonly end: number }[];
  readonly flow: boolean;
  readonly range: readonly [number, number, number];
}

function spansOf(editor: Editor, node: MapNode | ListNode): Spans {
  const items = isMap<ParsedNode, ParsedNode | null>(node)
    ? node.items.map(({ key, value }) => ({ start: key.range[0], end: contentEnd(key, value) }))
    : node.items.map((item) => ({
        start: node.flow === true ? item.range[0] : dashOf(editor, item),
        end: contentEnd(undefined, item),
      }));
  return { items, flow: node.flow === true, range: node.range };
}

export function insertInFlow(editor: Editor, node: MapNode | ListNode, index: number, entry: string): string {
  const { items, range } = spansOf(editor, node);
  const { text, eol } = editor;
  const open = range[0] + 1;
  const next = items[index];
  const last = items.at(-1);
  if (last === undefined) {
    const pad = isMap(node) && !editor.json ? ' ' : '';
    return splice(editor, open, range[1] - 1, pad + entry + pad);
  }
  const isTall = text.slice(range[0], last.start).includes('\n');
  if (next !== undefined) {
    const gap = isTall ? eol + ' '.repeat(columnOf(editor, next.start)) : ' ';
    return splice(editor, next.start, next.start, `${entry},${gap}`);
  }
  const comma = /^\s*,/.exec(text.slice(last.end, range[1] - 1))?.[0].length ?? 0;
  const gap = isTall ? eol + ' '.repeat(columnOf(editor, last.start)) : ' ';
  const at = last.end + comma;
  return splice(editor, at, at, `${comma === 0 ? ',' : ''}${gap}${entry}${comma === 0 ? '' : ','}`);
}

export function removeItem(editor: Editor, node: MapNode | ListNode, index: number): string {
  const { items, flow, range } = spansOf(editor, node);
  const { text } = editor;
  const item = items[index];
  if (item === undefined) throw new EditFault('there is nothing to remove');
  const next = items[index + 1];
  const previous = items[index - 1];
  const empty = isMap(node) ? '{}' : '[]';
  if (flow) {
    if (next !== undefined) return splice(editor, item.start, next.start, '');
    if (previous !== undefined) return splice(editor, previous.end, item.end, '');
    return splice(editor, range[0], range[1], empty);
  }
  if (next === undefined && previous === undefined) {
    const lineStart = text.lastIndexOf('\n', item.start - 1) + 1;
    const ownLine = text.slice(lineStart, item.start).trim() === '';
    // Behind its key: `key:` and its only entry become `key: {}`.
    const from = ownLine ? trimBack(text, lineStart) : item.start;
    return splice(editor, from, trimBack(text, item.end), ownLine ? ` ${empty}` : empty);
  }
  const lineStart = text.lastIndexOf('\n', item.start - 1) + 1;
  const sharesLine = text.slice(lineStart, item.start).trim() !== '';
  if (sharesLine && next !== undefined) return splice(editor, item.start, next.start, '');
  const newline = text[item.end - 1] === '\n' ? item.end - 1 : text.indexOf('\n', item.end);
  if (newline === -1) return splice(editor, Math.max(0, trimBack(text, lineStart)), text.length, '');
  return splice(editor, lineStart, newline + 1, '');
}
