import {
  Composer,
  isMap,
  isScalar,
  isSeq,
  Parser,
  Scalar,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { renderInFlow, renderScalar, type Json } from './render-value.ts';

/** An edit that cannot be written into this text without rewriting what the operation is not about. */
export class EditFault extends Error {}

interface Placed {
  readonly range: [number, number, number];
}
export type MapNode = YAMLMap<ParsedNode, ParsedNode | null> & Placed;
export type ListNode = YAMLSeq<ParsedNode> & Placed;

/** A document that is being edited. */
export interface Editor {
  readonly text: string;
  readonly root: ParsedNode;
  readonly eol: string;
  readonly json: boolean;
}

export function editorOf(text: string): Editor {
  const composer = new Composer({ schema: 'failsafe', resolveKnownTags: false, uniqueKeys: false, logLevel: 'silent' }); // prettier-ignore
  const [document] = composer.compose(new Parser().parse(text));
  const root = document?.contents;
  if (root == null) throw new EditFault('the document is empty');
  const json = isMap(root) && root.flow === true && /^\s*\{\s*(?:"|\})/.test(text);
  return { text, root, eol: text.includes('\r\n') ? '\r\n' : '\n', json };
}

export function splice({ text }: Editor, from: number, to: number, replacement: string): string {
  return text.slice(0, from) + replacement + text.slice(to);
}

export function pairOf(map: MapNode, key: string) {
  return map.items.findLast((pair) => isScalar(pair.key) && pair.key.source === key);
}

export function columnOf({ text }: Editor, offset: number): number {
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
export function scalarLike(node: ParsedNode, value: Json, style: 'block' | 'yaml' | 'json'): string {
  if (style !== 'json' && typeof value === 'string' && isScalar(node)) {
    if (node.type === Scalar.QUOTE_DOUBLE) return JSON.stringify(value);
    if (node.type === Scalar.QUOTE_SINGLE && !/[\n\r]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  }
  return style === 'block' ? renderScalar(value) : renderInFlow(value, style);
}

export function dashOf({ text }: Editor, item: ParsedNode): number {
  const dash = text.lastIndexOf('-', item.range[0] - (item.range[0] === item.range[1] ? 0 : 1));
  if (!/^[\s&!\w-]*$/.test(text.slice(dash + 1, item.range[0]))) throw new EditFault('the item has no dash');
  return dash;
}
