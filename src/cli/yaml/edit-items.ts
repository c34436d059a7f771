import { isMap, type ParsedNode } from 'yaml';
import { renderAfter, type Json } from './render-value.ts';
import {
  columnOf,
  contentEnd,
  dashOf,
  EditFault,
  leadOf,
  splice,
  trimBack,
  type Editor,
  type ListNode,
  type MapNode,
} from './source-text.ts';

/** Puts a line behind the one in which something ends, and behind comments that are indented deeper than the new line. */
export function insertLine(editor: Editor, end: number, line: string): string {
  const { text, layout } = editor;
  const newline = end > 0 && text[end - 1] === '\n' ? end - 1 : text.indexOf('\n', end);
  if (newline === -1) return splice(editor, text.length, text.length, layout.eol + line);
  const indent = line.search(/[^ ]/);
  const deeper = new RegExp(`(?:(?:[ \\t]*\\r?\\n)* {${indent + 1},}#[^\\n]*(?:\\n|$))*`, 'y');
  deeper.lastIndex = newline + 1;
  const at = newline + 1 + (deeper.exec(text)?.[0].length ?? 0);
  return text[at - 1] === '\n'
    ? splice(editor, at, at, line + layout.eol)
    : splice(editor, at, at, layout.eol + line);
}

export function insertItem(editor: Editor, list: ListNode, index: number, value: Json): string {
  const [first] = list.items;
  const before = list.items[index];
  const last = list.items.at(-1);
  if (first === undefined || last === undefined) throw new EditFault('the list is empty');
  const indent = columnOf(editor, dashOf(editor, first));
  const line = `${' '.repeat(indent)}-${renderAfter(value, indent, editor.layout, true)}`;
  if (before === undefined) return insertLine(editor, contentEnd(undefined, last), line);
  const at = editor.text.lastIndexOf('\n', dashOf(editor, before)) + 1;
  if (editor.text.slice(at, dashOf(editor, before)).trim() !== '')
    throw new EditFault('the item shares its line');
  return splice(editor, at, at, line + editor.layout.eol);
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

/** @param render writes the entry, given what its line begins with where it has one of its own */
export function insertInFlow(
  editor: Editor,
  node: MapNode | ListNode,
  index: number,
  render: (lead: string | undefined) => string,
): string {
  const { items, range } = spansOf(editor, node);
  const { text, json, layout } = editor;
  const next = items[index];
  const last = items.at(-1);
  if (last === undefined) return fillFlow(editor, node, render);
  const isTall = text.slice(range[0], last.start).includes('\n');
  const beside = next ?? last;
  const lead = isTall
    ? (leadOf(editor, beside.start) ?? ' '.repeat(columnOf(editor, beside.start)))
    : undefined;
  const gap = lead === undefined ? (json?.gap ?? ' ') : layout.eol + lead;
  if (next !== undefined) return splice(editor, next.start, next.start, `${render(lead)},${gap}`);
  const tail = /^(\s*,)?([ \t]*#[^\r\n]*)?/.exec(text.slice(last.end, range[1] - 1));
  const comma = tail?.[1] ?? '';
  // A comment in a line of its own entry stays with that one.
  const comment = isTall ? (tail?.[2] ?? '') : '';
  const entry = `,${comment}${gap}${render(lead)}${comma === '' ? '' : ','}`;
  return splice(editor, last.end, last.end + comma.length + comment.length, entry);
}

/** The first entry of a mapping or list that was empty. */
function fillFlow(
  editor: Editor,
  node: MapNode | ListNode,
  render: (lead: string | undefined) => string,
): string {
  const { text, json, layout } = editor;
  const [from, to] = [node.range[0] + 1, node.range[1] - 1];
  if (text.slice(from, to).trim() !== '') throw new EditFault('a comment stands between the brackets');
  const lead = json?.indent === undefined ? undefined : leadOf(editor, node.range[0]);
  if (json?.indent !== undefined && lead !== undefined) {
    const inner = lead + json.indent;
    return splice(editor, from, to, layout.eol + inner + render(inner) + layout.eol + lead);
  }
  const pad = isMap(node) && json === undefined ? ' ' : '';
  return splice(editor, from, to, pad + render(undefined) + pad);
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
