import type { Path } from '#sdk';

/**
 * The tree of a document with the places where everything is written. Offsets count UTF-16 units from the start of
 * the file. An aliased node is one node with many parents: the tree is a graph without cycles.
 */
export type ScalarValue = null | boolean | number | string;

export type SourceNode = ScalarNode | MapNode | ListNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly start: number;
  readonly end: number;
  readonly value: ScalarValue;
}

export interface MapNode {
  readonly kind: 'map';
  readonly start: number;
  readonly entries: Map<string, Entry>;
}

export interface Entry {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: SourceNode;
  /** The value is written elsewhere: behind an alias, or in a mapping that `<<` merges in. */
  readonly aliased: boolean;
}

interface ListNode {
  readonly kind: 'list';
  readonly start: number;
  readonly items: Item[];
}

export interface Item {
  readonly start: number;
  readonly value: SourceNode;
  readonly aliased: boolean;
}

/** Manifests of real life stay below 60 levels, the deepest CRD schemas included. */
export const maxDepth = 400;

/** One reason why a document cannot be read; thrown inside the reader, never out of it. */
export class DocumentFault extends Error {
  readonly code: FaultCode;
  readonly offset: number;

  constructor(code: FaultCode, message: string, offset: number) {
    super(message);
    this.name = 'DocumentFault';
    this.code = code;
    this.offset = offset;
  }
}

export type FaultCode =
  | 'yaml-syntax'
  | 'yaml-duplicate-key'
  | 'yaml-template'
  | 'unsupported-value'
  | 'too-deep'
  | 'too-large'
  | 'too-many-aliases'
  | 'control-character';

export function syntaxFault(message: string, offset: number): DocumentFault {
  return new DocumentFault('yaml-syntax', message, offset);
}

export function tooDeep(offset: number): DocumentFault {
  return new DocumentFault('too-deep', `This is nested deeper than ${maxDepth} levels.`, offset);
}

/** Where a path leads: the key of a field or the item of a list, or the nearest ancestor that exists. */
export function findOffset(root: SourceNode, path: Path): number {
  let node = root;
  let offset = firstOffset(root);
  for (const segment of path) {
    if (node.kind === 'map') {
      const entry = node.entries.get(String(segment));
      if (entry === undefined) return offset;
      offset = entry.keyStart;
      node = entry.value;
    } else if (node.kind === 'list') {
      const item = node.items[Number(segment)];
      if (item === undefined) return offset;
      offset = item.start;
      node = item.value;
    } else return offset;
  }
  return offset;
}

/** The first key of a mapping is a better place to show than its opening brace. */
function firstOffset(node: SourceNode): number {
  if (node.kind !== 'map') return node.start;
  let first = Infinity;
  for (const { keyStart } of node.entries.values())
    if (keyStart >= node.start && keyStart < first) first = keyStart;
  return first === Infinity ? node.start : first;
}
