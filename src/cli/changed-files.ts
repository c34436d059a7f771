import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { printable } from '../engine/message.ts';
import { messageOf, UserError } from '../errors.ts';
import { standardInput, type Inputs } from './inputs.ts';

/**
 * Which files are the same as where this branch left `ref`. Only what git keeps and has not seen change is left out:
 * a file that is new, ignored or outside of the repository of the current folder counts as changed.
 *
 * @throws UserError `usage` for what cannot be a ref and for standard input, `git` where git cannot answer
 */
export async function unchangedSince(ref: string, inputs: Inputs): Promise<(file: string) => boolean> {
  if (ref === '' || ref.startsWith('-')) {
    throw new UserError('usage', '--changed-since: expected a branch, tag or commit, such as origin/main');
  }
  if (inputs.files.some(({ file }) => file === standardInput)) {
    throw new UserError(
      'usage',
      '--changed-since: git knows nothing of standard input: name files or folders',
    );
  }
  const root = await topLevel();
  const base = await mergeBase(ref);
  const [kept, changed] = await Promise.all([
    // Seen from the top, wherever daygate is called.
    git(['ls-files', '-z', '--full-name', '--', ':/']),
    git(['diff', '--name-only', '-z', '--no-renames', '--no-relative', '--no-ext-diff', base, '--']),
  ]);
  const tracked = new Set(kept.split('\0'));
  const different = new Set(changed.split('\0'));
  const isUnchanged = (path: string): boolean => {
    const name = relative(root, path).split(sep).join('/');
    return tracked.has(name) && !different.has(name);
  };
  const unchanged = new Set(
    inputs.files.map(({ file }) => file).filter((file) => places(file).every(isUnchanged)),
  );
  return (file) => unchanged.has(file);
}

/** Where a file is; for a symbolic link, the link and what it leads to. */
function places(file: string): readonly string[] {
  try {
    return [join(realpathSync(dirname(file)), basename(file)), realpathSync(file)];
  } catch {
    // It cannot be read: whoever reads it says so.
    return [''];
  }
}

async function topLevel(): Promise<string> {
  try {
    return (await git(['rev-parse', '--show-toplevel'])).replace(/\n$/, '');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const said = saidBy(error);
    if (/dubious ownership/.test(said)) {
      throw fault(
        'the repository belongs to somebody else, and git reads it only after git config --global --add safe.directory "$PWD"',
      );
    }
    throw /not a git repository/.test(said)
      ? fault(
          'the current folder is in no git repository: call daygate inside of the one that keeps the manifests',
        )
      : fault(`git rev-parse failed: ${said}`);
  }
}

/** Where this branch left the other one: what the other one got since then is not this branch's change. */
async function mergeBase(ref: string): Promise<string> {
  const shown = printable(ref);
  try {
    await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  } catch {
    const howToFetch = `see whether it is spelt as git branch --all and git tag show it, or fetch it: git fetch origin ${printable(ref.replace(/^origin\//, ''))}`;
    throw fault(`git knows no commit ${shown}: ${(await isShallow()) ? howToDeepen : howToFetch}`);
  }
  try {
    return (await git(['merge-base', ref, 'HEAD'])).trim();
  } catch (error) {
    const said = saidBy(error);
    if (said !== '') throw fault(`git merge-base failed: ${said}`);
    const mend = (await isShallow()) ? howToDeepen : 'name the branch that this one comes from';
    throw fault(`${shown} and HEAD have no commit in common: ${mend}`);
  }
}

async function isShallow(): Promise<boolean> {
  return (await git(['rev-parse', '--is-shallow-repository']).catch(() => '')).trim() === 'true';
}

const howToDeepen =
  'the clone is shallow: fetch the history first (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0; or git fetch --unshallow)';

function fault(message: string): UserError {
  return new UserError('git', `--changed-since: ${message}`);
}

function saidBy(error: unknown): string {
  return printable(messageOf(error).trim().replaceAll('\n', ' '), 300);
}

/** Runs git in the current folder, without a shell; it asks nobody. Rejects with what git said. */
function git(args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
  const options = { env, maxBuffer: Infinity, windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile('git', ['-c', 'core.fsmonitor=false', ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.code !== 'ENOENT') reject(new Error(stderr));
      else reject(fault('git is needed to tell what has changed, and is not installed'));
    });
  });
}
