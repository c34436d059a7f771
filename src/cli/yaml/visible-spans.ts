import type { Entry, MapNode, SourceNode } from './source-node.ts';

/** A key or scalar of the source, and whether a reader may see it. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly isSecret: boolean;
}

/** `env`: inside the list of variables, whose `value` is a secret; `secret`: everything below is. */
type Place = 'open' | 'env' | 'secret';

const secretFields: ReadonlySet<string> = new Set([
  'data',
  'stringData',
  'binaryData',
  'annotations',
  'args',
  'command',
  'httpHeaders',
]);
/** Names of custom resources' fields whose text is a credential; references end in Name, Ref or Key instead. */
const secretName =
  /(?:password|passwd|passphrase|token|api_?key|private_?key|credentials?|connection_?string)$/i;

/** Keys and scalars of a document in the order of the source; what is written once and aliased is one span. */
export function visibleSpans(root: SourceNode): Span[] {
  const spans = new Map<number, Span>();
  const seen: Record<Place, Set<SourceNode>> = { open: new Set(), env: new Set(), secret: new Set() };
  const pending: (readonly [SourceNode, Place])[] = [[root, 'open']];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, place] = next;
    if (seen[place].has(node)) continue;
    seen[place].add(node);
    if (node.kind === 'scalar') add(spans, node.start, node.end, place === 'secret');
    else if (node.kind === 'list') for (const { value } of node.items) pending.push([value, place]);
    else visitMap(node, place, spans, pending);
  }
  return [...spans.values()].sort((a, b) => a.start - b.start);
}

function visitMap(
  node: MapNode,
  place: Place,
  spans: Map<number, Span>,
  pending: (readonly [SourceNode, Place])[],
): void {
  for (const [name, entry] of node.entries) {
    const { keyStart, keyEnd, value } = entry;
    // A key without a value may be a value whose key was forgotten: `data: {hunter2}`.
    add(spans, keyStart, keyEnd, place === 'secret' && value.kind === 'scalar' && value.start === value.end);
    pending.push([value, placeOf(name, entry, place)]);
  }
}

function placeOf(name: string, { value }: Entry, place: Place): Place {
  if (place === 'secret' || secretFields.has(name)) return 'secret';
  if (place === 'env' && name === 'value') return 'secret';
  if (name === 'env') return 'env';
  if (value.kind === 'scalar' && typeof value.value === 'string' && secretName.test(name)) return 'secret';
  return place === 'env' && value.kind !== 'scalar' ? 'env' : 'open';
}

/** What is secret in one of its places is secret in all of them. */
function add(spans: Map<number, Span>, start: number, end: number, isSecret: boolean): void {
  if (start === end) return;
  const known = spans.get(start);
  if (known === undefined || (isSecret && !known.isSecret)) spans.set(start, { start, end, isSecret });
}
