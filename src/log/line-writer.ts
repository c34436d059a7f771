import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Where lines go: a file descriptor, written without ever waiting for it. */
interface LineWriter extends DestinationStream {
  /** Takes one line, with its line break. */
  write(line: string): void;
  /** Takes lines that are whole already. */
  readonly writeWhole: (lines: Buffer) => void;
  /** Calls back when all is written, or after a second. */
  flush(done: (error?: Error) => void): void;
  /** How many lines did not find room so far. */
  readonly dropped: () => number;
}

interface LineWriterOptions {
  /** A file descriptor, or the path of a file. */
  readonly dest: number | string;
  /** How much may wait for a reader that is slow, or a disk that is full. */
  readonly waitingBytes?: number;
  /** Told how many lines were dropped, once all that waited is written. */
  readonly onWritable?: (dropped: number) => void;
}

const batchLength = 12 * 1024;
const longestWaitMs = 200;
// Some 10,000 lines: a minute of 200 refusals a second.
const defaultWaitingBytes = 4 * 1024 * 1024;
// A full pipe is empty again within milliseconds, where somebody reads it; a full disk is not.
const pipeFullMs = 50;
const failedMs = 1000;
const flushMs = 1000;

/**
 * Writes lines some kB at a time, which saves a system call for each; none waits longer than 200 ms. A log pipe that
 * nobody empties must not stop admission, which a synchronous write would, and neither a full disk nor a closed pipe
 * may end the server or fill its memory: what finds no room is dropped and counted, by whole lines. What is queued is
 * kept and tried again. pino's own destination knows no bound that spares the process, ends it when the disk is full,
 * and counts the bytes of all that waits anew with every line.
 */
export function openLineWriter({
  dest,
  waitingBytes = defaultWaitingBytes,
  onWritable = () => undefined,
}: LineWriterOptions): LineWriter {
  const fd = typeof dest === 'string' ? openSync(dest, 'a') : withoutWaiting(dest);
  let batch = '';
  const queue: Buffer[] = [];
  let queued = 0;
  let state: 'idle' | 'writing' | 'pausing' = 'idle';
  let [dropped, untold] = [0, 0];
  const flushed = new Set<() => void>();

  const enqueue = (lines: Buffer): void => {
    if (queued + lines.length > waitingBytes) {
      const count = linesIn(lines);
      dropped += count;
      untold += count;
      return;
    }
    queue.push(lines);
    queued += lines.length;
  };
  const endBatch = (): void => {
    if (batch === '') return;
    const lines = Buffer.from(batch);
    batch = '';
    enqueue(lines);
  };
  const handOver = (): void => {
    endBatch();
    if (state === 'idle') next();
  };
  const next = (): void => {
    const [chunk] = queue;
    if (chunk === undefined) {
      state = 'idle';
      for (const done of flushed) done();
      if (untold === 0) return;
      const count = untold;
      untold = 0;
      onWritable(count);
      return;
    }
    state = 'writing';
    write(fd, chunk, 0, chunk.length, null, (error, written) => {
      if (error === null) {
        queued -= written;
        // A disk that fills up takes a part of a chunk: the rest follows when there is room, so lines stay whole.
        if (written < chunk.length) queue[0] = chunk.subarray(written);
        else queue.shift();
        next();
        return;
      }
      state = 'pausing';
      setTimeout(next, error.code === 'EAGAIN' ? pipeFullMs : failedMs).unref();
    });
  };
  process.on('exit', () => {
    endBatch();
    // What is being written now may be waiting for its reader; nothing can be said in order any more.
    if (state !== 'writing') writeAll(fd, queue);
  });
  setInterval(handOver, longestWaitMs).unref();
  return {
    write: (line) => {
      batch += line;
      if (batch.length >= batchLength) handOver();
    },
    writeWhole: (lines) => {
      endBatch();
      enqueue(lines);
      if (state === 'idle') next();
    },
    flush: (done) => {
      handOver();
      if (state === 'idle') {
        done();
        return;
      }
      const settle = (): void => {
        clearTimeout(limit);
        flushed.delete(settle);
        done();
      };
      const limit = setTimeout(settle, flushMs);
      flushed.add(settle);
    },
    dropped: () => dropped,
  };
}

/** The last words of a process, as far as they can be written at once. */
function writeAll(fd: number, queue: readonly Buffer[]): void {
  try {
    for (const chunk of queue) {
      for (let sent = 0; sent < chunk.length;) sent += writeSync(fd, chunk, sent);
    }
  } catch {
    // Nobody is left to be told.
  }
}

/**
 * A write into a full pipe holds a thread of Node.js, and a process cannot exit while one is held. So a pipe is opened
 * once more with O_NONBLOCK, which leaves it as it is for everybody else who writes to it. Where that cannot be done
 * (no Linux, a pipe of another user), the descriptor itself is used.
 */
function withoutWaiting(fd: number): number {
  try {
    if (!fstatSync(fd).isFIFO()) return fd;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return fd;
  }
}

function linesIn(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(10); at !== -1; at = lines.indexOf(10, at + 1)) count += 1;
  return count;
}
