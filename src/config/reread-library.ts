import type { Policy } from '#sdk';
import { policyFolders, readLibrary, type LibraryOptions } from './library.ts';
import { readFolders } from './policy-files.ts';

/** All policies, and what they were made of. */
export interface ReadLibrary {
  readonly policies: readonly Policy[];
  /** The same for the same files of a team's own; empty where there are none. A function does not tell what it does. */
  readonly digest: string;
}

/**
 * Reads the policies as often as it is called, a team's own as their files are by then. Files that have not changed are
 * not loaded again: Node.js keeps all that it ever imported.
 */
export function libraryReader(
  builtIn: readonly Policy[],
  options: LibraryOptions,
): () => Promise<ReadLibrary> {
  let known: ReadLibrary | undefined;
  return async () => {
    const folders = await policyFolders(options);
    if (folders.length === 0) return { policies: builtIn, digest: '' };
    // Before they are loaded: what changes in between is then read again, and not taken for known.
    const { digest } = await readFolders(folders, []);
    if (known?.digest === digest) return known;
    const policies = await readLibrary(builtIn, options, known === undefined ? undefined : digest);
    known = { policies, digest };
    return known;
  };
}
