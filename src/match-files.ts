import { existsSync, readdirSync, type Dirent } from 'node:fs';
import { join, relative } from 'node:path';
import { globSync, type GlobOptions } from 'tinyglobby';
import { codeOf, fileProblem } from './errors.ts';
import { demandName } from './plain-file.ts';

interface Matches {
  readonly files: string[];
  /** Folders that may hold more and cannot be read, and why. */
  readonly unread: readonly { readonly folder: string; readonly problem: string }[];
}

/**
 * The files that patterns name. A name that leads nowhere, or to a pipe, is among them: whoever reads it says so.
 *
 * @example matchFiles('deploy/*.yaml', {}).files // ['deploy/web.yaml']
 */
export function matchFiles(patterns: string | readonly string[], options: Omit<GlobOptions, 'fs'>): Matches {
  const unread: { folder: string; problem: string }[] = [];
  const readFolder = (folder: string, how: { readonly withFileTypes: true }): Dirent[] => {
    try {
      demandName(folder);
      const entries = readdirSync(folder, how);
      for (const entry of entries) {
        const isOdd = entry.isSymbolicLink()
          ? !existsSync(join(folder, entry.name))
          : !(entry.isFile() || entry.isDirectory());
        if (isOdd) entry.isFile = () => true;
      }
      return entries;
    } catch (error) {
      // A pattern may begin with a folder that is not there: it matches nothing.
      if (!['ENOENT', 'ENOTDIR'].includes(String(codeOf(error))))
        unread.push({ folder: relative('', folder) || '.', problem: fileProblem(error) });
      return [];
    }
  };
  const files = globSync(patterns, { ...options, fs: { readdirSync: readFolder as typeof readdirSync } });
  return { files, unread };
}
