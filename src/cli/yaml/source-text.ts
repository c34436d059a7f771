import {
  Composer,
  isMap,
  isScalar,
  isSeq,
  Parser,
  Scalar,
  type Alias,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { renderInFlow, renderJson, type Json, type JsonLayout, type Layout } from './render-value.ts';

/** An edit that cannot be written into this text without rewriting what the operation is not about. */
export class EditFault extends Error {}

interface Placed {
  readonly range: [number, number, number];
}
export type MapNode = YAMLMap<ParsedNode, ParsedNode | null> & Placed;
export type ListNode = YAMLSeq<ParsedNode> & Placed;

/** How a document is written. */
export interface Style {
  readonly layout: Layout;
  /** Undefined for YAML. */
  readonly json: JsonLayout | undefined;
}

/** A document that is being edited. */
export interface Editor extends Style {
  readonly text: string;
  readonly root: ParsedNode;
  readonly resolve: (alias: Alias.Parsed) => ParsedNode | undefined;
}

/** @param style of the document that the text is a part of; its own otherwise */
export function editorOf(text: string, style?: Style): Editor {
  const composer = new Composer({ schema: 'failsafe', resolveKnownTags: false, uniqueKeys: false, logLevel: 'silent' }); // prettier-ignore
  const [document] = composer.compose(new Parser().parse(text));
  const root = document?.contents;
  if (document === undefined || root == null) throw new EditFault('the document is empty');
  const resolve = (alias: Alias.Parsed) => alias.resolve(document) as ParsedNode | undefined;
  const { layout, json } = style ?? styleOf(text, root);
  return { text, root, resolve, layout, json };
}

function styleOf(text: string, root: ParsedNode): Style {
  const isJson = isMap(root) && root.flow === true && /^\s*\{\s*(?:"|\})/.test(text);
  return { layout: layoutOf(text, root), json: isJson ? jsonLayoutOf(text) : undefined };
}

/** As in the first mapping and the first list that stand below a key. */
function layoutOf(text: string, root: ParsedNode): Layout {
  let indent: number | undefined;
  let listIndent: number | undefined;
  const column = (offset: number): number => columnOf({ text }, offset);
  const look = (node: ParsedNode | null, key?: ParsedNode): void => {
    if (node === null || (indent !== undefined && listIndent !== undefined)) return;
    if (isMap<ParsedNode, ParsedNode | null>(node) && node.flow !== true) {
      const first = node.items[0]?.key;
      if (first !== undefined && key !== undefined) indent ??= column(first.range[0]) - column(key.range[0]);
      for (const pair of node.items) look(pair.value, pair.key);
    } else if (isSeq<ParsedNode>(node) && node.flow !== true) {
      const [first] = node.items;
      if (first !== undefined && key !== undefined)
        listIndent ??= column(dashOf({ text }, first)) - column(key.range[0]);
      for (const item of node.items) look(item);
    }
  };
  look(root);
  const widths = { indent: indent ?? 2, listIndent: listIndent ?? indent ?? 2 };
  // An explicit key (`? key`) stands deeper than its line: nothing is laid out like that.
  const isUsual = widths.indent > 0 && widths.listIndent >= 0;
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', ...(isUsual ? widths : { indent: 2, listIndent: 2 }) };
}

function jsonLayoutOf(text: string): JsonLayout {
  const indent = /^\s*\{[ \t]*\r?\n([ \t]+)\S/.exec(text)?.[1];
  return { indent, gap: indent !== undefined || /":\s/.test(text) ? ' ' : '' };
}

export function splice({ text }: Editor, from: number, to: number, replacement: string): string {
  return text.slice(0, from) + replacement + text.slice(to);
}

export function pairOf(map: MapNode, key: string) {
  return map.items.findLast((pair) => isScalar(pair.key) && pair.key.source === key);
}

export function columnOf({ text }: Pick<Editor, 'text'>, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** Where a value ends, without the comments and blank lines behind it. */
export function contentEnd(key: ParsedNode | undefined, node: ParsedNode | null): number {
  if (node === null || isEmptyScalar(node)) {
    // Only its key is there, and the colon behind it.
    return key === undefined ? (node?.range[0] ?? 0) : key.range[1] + 1;
  }
  if (isMap<ParsedNode, ParsedNode | null>(node) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last !== undefined) return contentEnd(last.key, last.value);
  }
  if (isSeq<ParsedNode>(node) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last !== undefined) return contentEnd(undefined, last);
  }
  return node.range[1];
}

export function isEmptyScalar(node: ParsedNode): boolean {
  return (
    isScalar(node) && node.type === Scalar.PLAIN && node.source === '' && node.range[0] === node.range[1]
  );
}

export function isBlockText(node: Scalar.Parsed): boolean {
  return node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
}

/** Blocks of text end behind their last line break, which stays. */
export function trimBack(text: string, end: number): number {
  if (text[end - 1] !== '\n') return end;
  return text[end - 2] === '\r' ? end - 2 : end - 1;
}

/** A new value of one line in the quotes of the old one. */
export function scalarLike(node: ParsedNode, value: Json, render: (value: Json) => string): string {
  if (typeof value !== 'string' || !isScalar(node)) return render(value);
  if (node.type === Scalar.QUOTE_DOUBLE) return JSON.stringify(value);
  const isSingle = node.type === Scalar.QUOTE_SINGLE && !/[\n\r]/.test(value);
  return isSingle ? `'${value.replaceAll("'", "''")}'` : render(value);
}

/** What the line of an offset begins with, where nothing but a key stands before the offset. */
export function leadOf({ text }: Editor, offset: number): string | undefined {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^([ \t]*)(?:"(?:[^"\\]|\\.)*"\s*:\s*)?$/.exec(before)?.[1];
}

/** A value for inside of braces or brackets, with the lead of its line where it has one of its own. */
export function renderInside({ json, layout }: Editor, value: Json, lead: string | undefined): string {
  return json === undefined ? renderInFlow(value) : renderJson(value, json, lead, layout.eol);
}

export function dashOf({ text }: Pick<Editor, 'text'>, item: ParsedNode): number {
  const dash = text.lastIndexOf('-', item.range[0] - (item.range[0] === item.range[1] ? 0 : 1));
  if (!/^[\s&!\w-]*$/.test(text.slice(dash + 1, item.range[0]))) throw new EditFault('the item has no dash');
  return dash;
}
