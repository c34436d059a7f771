import { DocumentFault, maxDepth, tooDeep, type SourceNode } from './source-node.ts';

/**
 * Plain values of a tree, with aliases written out. Nothing is shared between the places an alias stands in, so
 * that a change to one of them changes no other.
 *
 * @throws DocumentFault where writing out the aliases would be out of proportion or JSON cannot write a number
 */
export function toJson(root: SourceNode): unknown {
  const work: Work = { nodes: 0, aliased: 0 };
  return convert(root, false, 0, root.start, work);
}

interface Work {
  nodes: number;
  aliased: number;
}

function convert(node: SourceNode, aliased: boolean, depth: number, at: number, work: Work): unknown {
  count(work, aliased, at);
  if (node.kind === 'scalar') return node.value;
  if (depth > maxDepth) throw tooDeep(at);
  if (node.kind === 'list') {
    return node.items.map((item) =>
      convert(item.value, aliased || item.aliased, depth + 1, item.start, work),
    );
  }
  const object: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) {
    const isAliased = aliased || entry.aliased;
    count(work, isAliased, entry.keyStart);
    setOwn(object, key, convert(entry.value, isAliased, depth + 1, entry.keyStart, work));
  }
  return object;
}

/** An assignment to `__proto__` would set the prototype instead of a field. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}

// The limits of go-yaml v2: up to 400,000 nodes 99 % of them may come from aliases, from 4,000,000 on only 10 %,
// and in between the share falls evenly. A small document thus ends at some 400,000 nodes written out.
const generousNodes = 400_000;
const strictNodes = 4_000_000;

function count(work: Work, aliased: boolean, at: number): void {
  work.nodes++;
  if (!aliased) return;
  work.aliased++;
  if (work.aliased <= 100 || work.nodes <= 1000) return;
  if (work.aliased / work.nodes > allowedShare(work.nodes)) {
    throw new DocumentFault(
      'too-many-aliases',
      'The aliases of this document multiply its size out of proportion; Kubernetes refuses it too.',
      at,
    );
  }
}

function allowedShare(nodes: number): number {
  if (nodes <= generousNodes) return 0.99;
  if (nodes >= strictNodes) return 0.1;
  return 0.99 - (0.89 * (nodes - generousNodes)) / (strictNodes - generousNodes);
}
