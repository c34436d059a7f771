import { isMap, isSeq, type ParsedNode } from 'yaml';
import type { Path } from '#sdk';
import { pairOf, type Editor } from './source-text.ts';

/** A part of a text that can be read on its own, and the steps that lead to an object in it. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly path: Path;
}

/**
 * Where an object of a List stands: whole lines, from the one that its item begins on to the next item, or in brackets to
 * its end. Undefined where it is in no List or in a List within it, where its item shares a line with something else, and
 * for the last item without brackets, of which only the whole text says where it ends.
 */
export function placeOfItem({ text, root }: Editor, [field, index, ...deeper]: Path): Place | undefined {
  const list = field === 'items' && isMap<ParsedNode>(root) ? pairOf(root, field)?.value : undefined;
  if (!isSeq<ParsedNode>(list) || typeof index !== 'number' || deeper.length > 0) return undefined;
  const isFlow = list.flow === true;
  const lineOf = (item: ParsedNode | undefined): number | undefined => {
    if (item === undefined) return undefined;
    const [start] = item.range;
    const line = text.lastIndexOf('\n', start - 1) + 1;
    return (isFlow ? /^[ \t]*$/ : /^ *- +$/).test(text.slice(line, start)) ? line : undefined;
  };
  const item = list.items[index];
  const from = lineOf(item);
  const to = isFlow ? item?.range[1] : lineOf(list.items[index + 1]);
  if (from === undefined || to === undefined) return undefined;
  return { from, to, path: isFlow ? [] : [0] };
}
