import { readlink, rm, symlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 500;

/** Runs `work` while no other process on this machine holds the lock, which is freed if its holder died. */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  for (let announced = false; !(await tryLock(path)); announced = true) {
    if (!announced) process.stderr.write(`Waiting for another process that builds: ${path}\n`);
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** A symbolic link appears with its content, the holder's process id, in one step; a file is empty at first. */
async function tryLock(path: string): Promise<boolean> {
  try {
    await symlink(String(process.pid), path);
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const holder = Number(await readlink(path).catch(() => 'gone'));
  // Two processes may both remove a dead holder's lock and both go on. They then build the same thing twice,
  // and no worse: what they build is put in place by a rename.
  if (Number.isInteger(holder) && !isAlive(holder)) await rm(path, { force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to another user.
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
