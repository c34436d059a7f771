import type { Path } from '#sdk';
import type { Rendering } from './rendered/rendering.ts';
import type { Manifest } from './yaml/read-manifests.ts';

/** Where a reader finds a field, and how its line looks. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line is a guess. */
  readonly approximate?: true;
  /** The line, with secrets masked. */
  readonly excerpt: () => string;
}

/** An object and where it was found. */
export interface Source {
  readonly file: string;
  readonly manifest: Manifest;
  /** Absent where it was read from a file as it is. */
  readonly rendering?: Rendering;
  readonly place: (path: Path) => Place;
}
