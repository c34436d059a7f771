import type { Path } from '#sdk';
import { decodeText, type DecodeProblem } from './decode-text.ts';
import { lineShower, type ShowLine } from './excerpt.ts';
import { findObjects, type ObjectFault } from './find-objects.ts';
import { readDocuments, type ReadDocument } from './read-documents.ts';
import { DocumentFault, findOffset, type FaultCode, type SourceNode } from './source-node.ts';
import { lastAtMost, textLines, type Position, type TextLines } from './text-lines.ts';
import { toJson } from './to-json.ts';

export type { Position } from './text-lines.ts';

/** Why a file, a document or an item of a List is no object that could be judged. Quotes no values. */
export interface ManifestProblem {
  readonly code: FaultCode | ObjectFault['code'] | DecodeProblem['code'];
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly document?: number;
  /** Index in the outermost List. */
  readonly item?: number;
}

/** One Kubernetes object of a file. */
export interface Manifest {
  /** 0-based YAML document; documents of comments alone count. */
  readonly document: number;
  /** Index in the outermost List. */
  readonly item?: number;
  /** Fields that lead to the object in its document: `['items', 2]`, or nothing outside a List. */
  readonly path: Path;
  /** Plain JSON that belongs to the caller. Integers beyond 2^53 are rounded. */
  readonly object: Record<string, unknown>;
  /**
   * Where a field of the object is written: its key, or the item of a list; for a field that does not exist, its
   * nearest ancestor. Goes through aliases and merges to the place where the field is written.
   */
  readonly locate: (path: Path) => Position;
}

export interface ManifestFile {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly ManifestProblem[];
  /**
   * A 1-based line of the file with secrets and comments masked; empty outside documents and in those that could
   * not be read.
   */
  readonly excerpt: (line: number) => string;
}

/**
 * Reads the objects of a file as kubectl does: YAML of go-yaml v2, split at `---`, or JSON objects one after the
 * other. Never throws; a problem in one document hides no other document.
 *
 * @param options.isPassing the text is dropped soon: its trees last as long as the result and take no room from others
 */
export function readManifests(source: string | Uint8Array, { isPassing = false } = {}): ManifestFile {
  const decoded = decodeText(source);
  if ('problem' in decoded) {
    return { manifests: [], problems: [decoded.problem], excerpt: () => '' };
  }
  const { text } = decoded;
  const lines = textLines(text);
  const manifests: Manifest[] = [];
  const problems: ManifestProblem[] = [];
  const shown: Shown[] = [];
  const documents = readDocuments(text, (offset) => lines.positionOf(offset).line);
  for (const [document, read] of documents.entries()) {
    const content = contentOf(read);
    for (const fault of content.faults) {
      // One word about templates is enough for a file.
      const isKnown = fault.code === 'yaml-template' && problems.some(({ code }) => code === 'yaml-template');
      if (!isKnown) problems.push(problemOf(fault, document, lines));
    }
    if (content.root === undefined) continue;
    const { root, value } = content;
    // A document that is one text has no fields that could tell its secrets apart.
    const source = isPassing ? keptSource(text, root) : sourceOf(text, { ...read, root });
    if (root.kind === 'map') shown.push({ start: read.start, end: read.end, source });
    const { objects, faults } = findObjects(value);
    const locate = (path: Path): Position => lines.positionOf(findOffset(source().root, path));
    for (const { code, message, path } of faults) {
      problems.push({ code, message, ...locate(path), document, ...itemOf(path) });
    }
    for (const { object, path } of objects) {
      manifests.push({
        document,
        ...itemOf(path),
        path,
        object,
        locate: (field) => locate([...path, ...field]),
      });
    }
  }
  const starts = shown.map(({ start }) => start);
  return {
    manifests,
    problems,
    excerpt: (line) => excerpt(line, lines, shown, starts),
  };
}

type Content =
  | { readonly root?: undefined; readonly faults: readonly DocumentFault[] }
  | { readonly root: SourceNode; readonly value: unknown; readonly faults: readonly DocumentFault[] };

function contentOf({ root, faults }: ReadDocument): Content {
  if (root === undefined) return { faults };
  try {
    return { root, value: toJson(root), faults };
  } catch (error) {
    if (error instanceof DocumentFault) return { faults: [error] };
    throw error;
  }
}

function problemOf(
  { code, message, offset }: DocumentFault,
  document: number,
  lines: TextLines,
): ManifestProblem {
  return { code, message, ...lines.positionOf(offset), document };
}

/** Paths inside a List begin with `items` and the index. */
function itemOf([, item]: Path): { item: number } | Record<string, never> {
  return typeof item === 'number' ? { item } : {};
}

interface Shown {
  readonly start: number;
  readonly end: number;
  readonly source: () => Source;
}

/** A tree and what shows its lines. */
interface Source {
  readonly root: SourceNode;
  readonly show: ShowLine;
}

/**
 * What was asked about last, the latest first. Trees take several times the space of their texts, and most are never asked
 * for; findings come document after document, but those of what was rendered ask about the result and its source in turn.
 */
const recent: { readonly again: () => SourceNode; readonly source: Source; readonly length: number }[] = [];
const mostRecent = 4;
/** Characters of the documents whose trees are kept beside the largest. */
const mostKept = 1_000_000;

function sourceOf(
  text: string,
  { root, again, start, end }: ReadDocument & { readonly root: SourceNode },
): () => Source {
  if (again === undefined) return keptSource(text, root);
  return () => {
    const index = recent.findIndex((one) => one.again === again);
    const [known] = index === -1 ? [] : recent.splice(index, 1);
    if (known !== undefined) {
      recent.unshift(known);
      return known.source;
    }
    const tree = again();
    const source = { root: tree, show: lineShower(text, tree) };
    recent.unshift({ again, source, length: end - start });
    let [kept, largest] = [0, 0];
    const last = recent.findIndex(({ length }, place) => {
      kept += length;
      largest = Math.max(largest, length);
      return place >= mostRecent || kept - largest > mostKept;
    });
    if (last !== -1) recent.length = last;
    return source;
  };
}

function keptSource(text: string, root: SourceNode): () => Source {
  const source = { root, show: lineShower(text, root) };
  return () => source;
}

function excerpt(line: number, lines: TextLines, shown: readonly Shown[], starts: readonly number[]): string {
  const range = lines.range(line);
  if (range === undefined) return '';
  // One after the other, and thousands in a file: only those that can lie on the line are looked at.
  return shown
    .slice(lastAtMost(starts, range.start), lastAtMost(starts, range.end) + 1)
    .filter(({ start, end }) => start < range.end && end > range.start)
    .map(({ start, end, source }) => source().show(Math.max(start, range.start), Math.min(end, range.end)))
    .join('');
}
