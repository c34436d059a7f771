import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { glob } from 'tinyglobby';
import type { Policy } from '#sdk';
import { policyFolders, readLibrary, type LibraryOptions } from './library.ts';

/**
 * Reads the policies as often as it is called, a team's own as their files are by then. Files that have not changed are
 * not loaded again: Node.js keeps all that it ever imported.
 */
export function libraryReader(
  builtIn: readonly Policy[],
  options: LibraryOptions,
): () => Promise<readonly Policy[]> {
  let known: { readonly digest: string; readonly policies: readonly Policy[] } | undefined;
  return async () => {
    const folders = policyFolders(options);
    if (folders.length === 0) return builtIn;
    const digest = await digestOf(folders);
    if (known?.digest === digest) return known.policies;
    const policies = await readLibrary(builtIn, options, known === undefined ? undefined : digest);
    known = { digest, policies };
    return policies;
  };
}

/** Of everything that a policy may import from its folder. */
async function digestOf(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = await glob('**/*.{ts,mts,js,mjs,json}', {
      cwd: folder,
      ignore: ['**/node_modules/**'],
      absolute: true,
    });
    for (const file of files.toSorted()) hash.update(JSON.stringify([file, await readFile(file, 'utf8')]));
  }
  return hash.digest('base64url').slice(0, 16);
}
