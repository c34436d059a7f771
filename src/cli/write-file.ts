import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileProblem } from '../errors.ts';

/**
 * Replaces a file at once: whoever reads it, or pulls the plug, finds the old text or the new one. A symbolic link
 * stays one, and the file keeps its mode and its owner. One with several names (hard links) keeps them, and is written
 * into; where that fails in the middle, the new text stays beside it. Fails where the file must not be written.
 *
 * @param before what the file has to hold, lest a change that somebody else made meanwhile gets lost
 */
export function replaceFile(file: string, text: string, before?: string): void {
  const target = realpathSync(file);
  // A rename asks about the folder alone.
  closeSync(openSync(target, 'r+'));
  // In containers every process has the same number: what one left that was ended in the middle would be in the way.
  const draft = join(dirname(target), `.${basename(target).slice(0, 50)}.${randomUUID()}.daygate`);
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    try {
      const bytes = Buffer.from(text);
      // One write may take less than all of a large file.
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      takeOver(descriptor, statSync(target));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (before !== undefined && !holds(target, before) && !holds(target, text))
      throw new Error('it was changed meanwhile: run daygate once more');
    if (statSync(target).nlink === 1) {
      renameSync(draft, target);
      return;
    }
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  // A rename would leave the old text under the other names.
  try {
    writeFileSync(target, text, { flush: true });
  } catch (error) {
    const problem = `${fileProblem(error)} in the middle of writing: what it was to hold is in ${draft}`;
    throw new Error(problem, { cause: error });
  }
  rmSync(draft);
}

function holds(file: string, text: string): boolean {
  return readFileSync(file).equals(Buffer.from(text));
}

function takeOver(descriptor: number, { uid, gid, mode }: Stats): void {
  const own = fstatSync(descriptor);
  try {
    if (own.uid !== uid || own.gid !== gid) fchownSync(descriptor, uid, gid);
  } catch {
    // Nobody but root may give a file away; who may write this one may own it, too.
  }
  fchmodSync(descriptor, mode);
}
