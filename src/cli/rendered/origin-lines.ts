import { readFileSync, statSync } from 'node:fs';
import type { Path } from '#sdk';
import { readManifests, type Manifest } from '../yaml/read-manifests.ts';
import { alignDocuments } from './align-documents.ts';
import type { Origin } from './rendering.ts';
import { findSourceObject, pathInSource } from './source-object.ts';

/** Lines of the result that belong to one document. */
export interface DocumentLines {
  /** Line of the first. */
  readonly start: number;
  readonly lines: readonly string[];
  /** Those before the first field. */
  readonly header: readonly string[];
}

/** The origin's line for the first of the result's lines that has one; that of the file's beginning otherwise. */
type LineOf = (candidates: readonly number[]) => number;

/** Finds in the files that a result was made from what made it. */
export interface OriginLines {
  /** For one document of the result; all have to be named before the first line is asked for. */
  ofDocument(origin: Origin, document: DocumentLines): LineOf;
  /** The line of a field of an object, or of the field around it; undefined where its manifest is not found. */
  ofField(origin: Origin, manifest: Manifest): ((path: Path) => number) | undefined;
}

const longestOrigin = 1024 * 1024;

export function originLines(): OriginLines {
  const texts = remembered(readOrigin);
  const manifests = remembered((file) => readManifests(texts(file)).manifests);
  const documents = new Map<string, DocumentLines[]>();
  const alignments = remembered((file) => {
    const own = documents.get(file) ?? [];
    const aligned = alignDocuments(
      own.map(({ lines }) => lines),
      texts(file).split(/\r\n|\r|\n/),
    );
    return new Map(own.map(({ start }, index) => [start, aligned[index]]));
  });
  return {
    ofDocument({ file, lines: kind }, document) {
      if (kind === 'none') return () => 1;
      const own = documents.get(file) ?? [];
      documents.set(file, own);
      // A List is one document, however many objects it holds.
      if (!own.some(({ start }) => start === document.start)) own.push(document);
      return (candidates) => {
        const aligned = alignments(file).get(document.start);
        for (const candidate of candidates) {
          const index = aligned?.[candidate - document.start];
          if (index !== undefined) return index + 1;
        }
        return 1;
      };
    },
    ofField({ file, lines: kind }, { object }) {
      if (kind !== 'manifest') return undefined;
      const source = findSourceObject(object, manifests(file));
      if (source === undefined) return undefined;
      return (path) => source.locate(pathInSource(path, object, source.object)).line;
    },
  };
}

/** What cannot be read, or is too long, has no lines. */
function readOrigin(file: string): string {
  try {
    const stat = statSync(file);
    return stat.isFile() && stat.size <= longestOrigin ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
}

function remembered<T>(read: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    let value = known.get(file);
    if (value === undefined) known.set(file, (value = read(file)));
    return value;
  };
}
