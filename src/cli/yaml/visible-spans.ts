import { placeOfField, type SecretPlace } from '../../engine/secret-fields.ts';
import type { Item, MapNode, SourceNode } from './source-node.ts';

/** A key or scalar of the source, and whether a reader may see it. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly isSecret: boolean;
}

/** Keys and scalars of a document in the order of the source; what is written once and aliased is one span. */
export function visibleSpans(root: SourceNode): Span[] {
  const spans: Span[] = [];
  visit({ value: root, aliased: false }, 'open', spans, {
    open: new Set(),
    env: new Set(),
    secret: new Set(),
  });
  spans.sort((a, b) => a.start - b.start || Number(b.isSecret) - Number(a.isSecret));
  // What is secret in one of its places is secret in all of them.
  return spans.filter(({ start }, index) => spans[index - 1]?.start !== start);
}

/** @param seen what aliases have led to: only there can one come again, and there exponentially often */
function visit(
  { value: node, aliased }: Pick<Item, 'value' | 'aliased'>,
  place: SecretPlace,
  spans: Span[],
  seen: Readonly<Record<SecretPlace, Set<SourceNode>>>,
): void {
  if (aliased) {
    if (seen[place].has(node)) return;
    seen[place].add(node);
  }
  if (node.kind === 'scalar') add(spans, node.start, node.end, place === 'secret');
  else if (node.kind === 'list') for (const item of node.items) visit(item, place, spans, seen);
  else
    for (const [name, entry] of node.entries) {
      const { keyStart, keyEnd, value } = entry;
      // A key without a value may be a value whose key was forgotten: `data: {hunter2}`.
      const isLone = place === 'secret' && value.kind === 'scalar' && value.start === value.end;
      add(spans, keyStart, keyEnd, isLone);
      const text = scalarText(value);
      const sibling = name === 'value' ? textOf(node, 'name') : undefined;
      visit(entry, placeOfField(place, name, text, value.kind === 'scalar', sibling), spans, seen);
    }
}

function textOf({ entries }: MapNode, name: string): string | undefined {
  return scalarText(entries.get(name)?.value);
}

function scalarText(value: SourceNode | undefined): string | undefined {
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

function add(spans: Span[], start: number, end: number, isSecret: boolean): void {
  if (start !== end) spans.push({ start, end, isSecret });
}
