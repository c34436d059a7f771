import { isAlias, isScalar, isSeq, Scalar, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { checkKey, checkScalar } from './check-source.ts';
import { duplicateKey, type LineOf } from './duplicate-key.ts';
import { keyText, resolveScalar, type Resolved } from './resolve-scalar.ts';
import { DocumentFault, syntaxFault, type MapNode, type ScalarNode, type SourceNode } from './source-node.ts';

interface Build {
  readonly text: string;
  readonly base: number;
  readonly lineOf: LineOf;
  readonly anchors: Map<string, SourceNode>;
  /** Collections whose content is still being read: an alias to one of them would contain itself. */
  readonly open: Set<SourceNode>;
  readonly duplicates: DocumentFault[];
  /** How many brackets are open here. */
  flowLevel: number;
  merged: number;
}

/** A node of the library and whether the tree shows it as written elsewhere. */
interface Built {
  readonly node: SourceNode;
  readonly aliased: boolean;
}

const mergeTag = 'tag:yaml.org,2002:merge';
/** Copying entries is what `<<` costs; go-yaml stops in the same order of magnitude. */
const maxMerged = 400_000;

/** Turns the nodes of the library into values as go-yaml v2 decodes them. */
export function buildTree(
  root: ParsedNode,
  text: string,
  base: number,
  lineOf: LineOf,
): { root: SourceNode; duplicates: readonly DocumentFault[] } {
  const build: Build = {
    text,
    base,
    lineOf,
    anchors: new Map(),
    open: new Set(),
    duplicates: [],
    flowLevel: 0,
    merged: 0,
  };
  return { root: buildNode(root, build).node, duplicates: build.duplicates };
}

function buildNode(node: ParsedNode, build: Build): Built {
  const start = build.base + node.range[0];
  if (isAlias(node)) {
    const target = build.anchors.get(node.source);
    if (target === undefined)
      throw syntaxFault(
        'An alias (*…) names no anchor that stands before it: a value that begins with * needs quotes.',
        start,
      );
    if (build.open.has(target)) throw syntaxFault(`Anchor &${node.source} contains itself.`, start);
    return { node: target, aliased: true };
  }
  if (isScalar(node)) {
    const { resolved, value } = scalar(node, build);
    if (node.anchor !== undefined) build.anchors.set(node.anchor, value);
    if (resolved.type === 'float' && !Number.isFinite(resolved.value)) {
      const message =
        'Infinity and NaN are no values in Kubernetes: put the word in quotes if text is meant.';
      throw new DocumentFault('unsupported-value', message, start);
    }
    return { node: value, aliased: false };
  }
  if (isSeq<ParsedNode>(node)) {
    const list: SourceNode = { kind: 'list', start, items: [] };
    within(list, node, build, () => {
      for (const item of node.items) {
        const built = buildNode(item, build);
        list.items.push({ start: itemStart(item, build), value: built.node, aliased: built.aliased });
      }
    });
    return { node: list, aliased: false };
  }
  const map: MapNode = { kind: 'map', start, entries: new Map() };
  within(map, node, build, () => fillMap(map, node, build));
  return { node: map, aliased: false };
}

function within(node: SourceNode, { anchor, flow }: YAMLMap | YAMLSeq, build: Build, fill: () => void): void {
  if (anchor !== undefined) build.anchors.set(anchor, node);
  build.open.add(node);
  const level = flow === true ? 1 : 0;
  build.flowLevel += level;
  fill();
  build.flowLevel -= level;
  build.open.delete(node);
}

function fillMap(map: MapNode, node: YAMLMap.Parsed, build: Build): void {
  const written = new Map<string, number>();
  for (const { key, value, srcToken } of node.items) {
    const keyStart = build.base + key.range[0];
    checkKey(srcToken, (offset) => build.text.charAt(offset + 1), keyStart);
    if (isMergeKey(key)) {
      merge(map, value, keyStart, build);
      continue;
    }
    const name = buildKey(key, build);
    const first = written.get(name);
    if (first === undefined) written.set(name, keyStart);
    else build.duplicates.push(duplicateKey(name, first, keyStart, build.lineOf));
    const keyEnd = build.base + key.range[1];
    const built: Built =
      value === null
        ? { node: { kind: 'scalar', start: keyEnd, end: keyEnd, value: null }, aliased: false }
        : buildNode(value, build);
    map.entries.set(name, { keyStart, keyEnd, value: built.node, aliased: built.aliased });
  }
}

function isMergeKey(key: ParsedNode): boolean {
  if (!isScalar(key) || key.source !== '<<') return false;
  if (key.tag === undefined) return key.type === Scalar.PLAIN;
  return key.tag === '!' || key.tag === mergeTag;
}

/**
 * Merged fields replace those written before them in the same mapping and give way to those written after them:
 * go-yaml v2 goes by the order of lines.
 */
function merge(map: MapNode, value: ParsedNode | null, keyStart: number, build: Build): void {
  const sources =
    value !== null && isSeq<ParsedNode>(value)
      ? value.items.map((item) => [item, buildNode(item, build)] as const)
      : [];
  if (value !== null && isSeq<ParsedNode>(value)) {
    // Of several merged mappings the first one wins.
    for (const [, built] of sources.reverse()) copyEntries(map, built, keyStart, build);
  } else if (value !== null) copyEntries(map, buildNode(value, build), keyStart, build);
  else throw wantMap(keyStart);
}

function copyEntries(map: MapNode, source: Built, keyStart: number, build: Build): void {
  if (source.node.kind !== 'map') throw wantMap(keyStart);
  build.merged += source.node.entries.size;
  if (build.merged > maxMerged) {
    throw new DocumentFault(
      'too-many-aliases',
      'The merges (<<) of this document multiply its size.',
      keyStart,
    );
  }
  for (const [name, entry] of source.node.entries) {
    map.entries.set(name, source.aliased ? { ...entry, aliased: true } : entry);
  }
}

function wantMap(offset: number): DocumentFault {
  return syntaxFault('"<<" merges a mapping or a list of mappings, and this is neither.', offset);
}

function buildKey(key: ParsedNode, build: Build): string {
  const offset = build.base + key.range[0];
  if (!isScalar(key)) {
    const target = buildNode(key, build).node;
    if (target.kind !== 'scalar') {
      throw syntaxFault('A mapping or list cannot be a key: put it in quotes if text is meant.', offset);
    }
    if (target.value === null) throw nullKey(offset);
    return String(target.value);
  }
  const { resolved, value } = scalar(key, build);
  if (key.anchor !== undefined) build.anchors.set(key.anchor, value);
  const name = keyText(resolved);
  if (name === undefined) throw nullKey(offset);
  return name;
}

function nullKey(offset: number): DocumentFault {
  return syntaxFault('This key is empty, null or a number beyond 64 bits: put it in quotes.', offset);
}

function scalar(node: Scalar.Parsed, build: Build): { resolved: Resolved; value: ScalarNode } {
  const [from, to] = node.range;
  const text = node.source;
  checkScalar(node, build.text, build.flowLevel > 0, build.base);
  const plain = node.type === Scalar.PLAIN;
  const resolved = resolveScalar(text, node.tag, plain);
  const start = build.base + from;
  if (resolved === undefined) throw syntaxFault('The value does not fit its tag (!!).', start);
  const value = typeof resolved.value === 'bigint' ? Number(resolved.value) : resolved.value;
  return { resolved, value: { kind: 'scalar', start, end: build.base + to, value: value === 0 ? 0 : value } };
}

/** An item that is left empty has no text of its own: its dash is shown. */
function itemStart(item: ParsedNode, build: Build): number {
  const [from, to] = item.range;
  if (from !== to) return build.base + from;
  return build.base + Math.max(build.text.lastIndexOf('-', from), 0);
}
