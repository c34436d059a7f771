/**
 * A process of its own that ends the control plane when the process that started it is gone.
 *
 * An 'exit' listener does not run when the parent is killed with SIGKILL, which is what test runners do to a
 * worker that hangs. The end of this process' standard input is the one sign of a dead parent that cannot be
 * missed. The parent writes, one line each time something changes, the process ids that are alive now: an id
 * that has already been reaped, and may belong to somebody else since, is never signalled.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [directory] = process.argv.slice(2);
let pids: readonly number[] = [];

createInterface({ input: process.stdin })
  .on('line', (line) => {
    pids = line.split(' ').filter(Boolean).map(Number);
  })
  .on('close', () => {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in the meantime.
      }
    }
    // The killed processes may still be writing their last file.
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  });
