import { detectCredential, scanText } from '#sdk';
import type { Entry, Item, MapNode, SourceNode } from './source-node.ts';

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

/** Whether a field may hold secrets, whatever is in it. */
export function isSecretField(name: string): boolean {
  return secretFields.has(name) || secretName.test(name);
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
  place: Place,
  spans: Span[],
  seen: Readonly<Record<Place, Set<SourceNode>>>,
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
      visit(entry, placeOf(name, entry, node, place), spans, seen);
    }
}

function placeOf(name: string, { value }: Entry, parent: MapNode, place: Place): Place {
  if (place === 'secret' || secretFields.has(name)) return 'secret';
  if (place === 'env' && name === 'value') return 'secret';
  if (name === 'env') return 'env';
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    if (isCredential(name === 'value' ? (textOf(parent, 'name') ?? name) : name, value.value))
      return 'secret';
  }
  return place === 'env' && value.kind !== 'scalar' ? 'env' : 'open';
}

function isCredential(name: string, value: string): boolean {
  if (secretName.test(name) || detectCredential({ name, value }) !== undefined) return true;
  // The values of a chart, as Argo CD and Flux have them, are documents of their own.
  return value.includes('\n') && scanText(name, value).length > 0;
}

function textOf({ entries }: MapNode, name: string): string | undefined {
  const value = entries.get(name)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

function add(spans: Span[], start: number, end: number, isSecret: boolean): void {
  if (start !== end) spans.push({ start, end, isSecret });
}
