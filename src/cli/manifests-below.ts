import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { fileProblem } from '../errors.ts';
import { demandName } from '../plain-file.ts';
import type { Skip } from '../engine/review.ts';
import type { ReportError } from '../report/report.ts';
import { nothingExcluded, type Exclusion } from './exclusion.ts';

interface Below {
  readonly files: readonly string[];
  /** Files and folders that are excluded, and fixtures of policies. */
  readonly skipped: readonly Skip[];
  /** Folders that cannot be read. */
  readonly errors: readonly ReportError[];
}

/**
 * What is named like a manifest below a folder, at any depth, but for names that begin with a dot, node_modules, and
 * the fixtures beside a policy: half of these are wrong on purpose, and stop being fixtures once they are mended.
 * Links are followed, and each folder is read once, by its own name before that of a link to it: they may lead in a
 * circle. A name that leads nowhere, or to a pipe, is among the files: whoever reads it says so.
 */
export function manifestsBelow(top: string, exclusionOf: Exclusion = nothingExcluded): Below {
  const files: string[] = [];
  const skipped: Skip[] = [];
  const errors: ReportError[] = [];
  const read = new Set<string>();
  const links: string[] = [];
  const readFolder = (folder: string): void => {
    try {
      demandName(folder);
      const place = realpathSync(folder);
      if (read.has(place)) return;
      read.add(place);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const { name } = entry;
        if (name.startsWith('.') || name === 'node_modules') continue;
        const path = posix.join(folder, name);
        const isLink = !entry.isDirectory() && entry.isSymbolicLink() && isFolder(path);
        const isFile = !entry.isDirectory() && !isLink;
        if (isFile && !/\.(?:ya?ml|json)$|^Kustomization$/.test(name)) continue;
        const reason = exclusionOf(path) ?? (!isFile && isOfPolicy(path) ? ofPolicy : undefined);
        if (reason !== undefined) skipped.push({ file: path, reason });
        else if (isFile) files.push(path);
        else if (isLink) links.push(path);
        else readFolder(path);
      }
    } catch (error) {
      errors.push({ code: 'unreadable', message: fileProblem(error), file: folder });
    }
  };
  readFolder(top);
  // A list that grows while it is walked is walked to its new end.
  for (const link of links) readFolder(link);
  return { files, skipped, errors };
}

const ofPolicy = 'fixtures of a policy, which daygate test judges';

function isOfPolicy(folder: string): boolean {
  return posix.basename(folder) === 'fixtures' && existsSync(posix.join(folder, '../policy.ts'));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
