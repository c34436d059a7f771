import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import type { Readable, Writable } from 'node:stream';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../errors.ts';
import {
  frameReader,
  kinds,
  numberFrame,
  textFrame,
  type Frame,
  type Question,
  type SandboxSetup,
} from './frames.ts';

/** Beside this file: a source in a checkout, and a part of the bundle in the package. */
const main = fileURLToPath(new URL(`sandboxed-process${extname(import.meta.url)}`, import.meta.url));

/** How long what a process has written may take to be read after its end. */
const lastWordsMs = 1_000;

/** How a sandbox came to its end, unless it was ended on purpose. */
export type Crash = 'memory' | 'exit';

interface ProcessOptions {
  readonly setup: SandboxSetup;
  readonly heapMegabytes: number;
  readonly onFrame: (frame: Frame) => void;
  readonly onExit: (crash: Crash) => void;
}

/** One process that runs policies. */
export interface SandboxProcess {
  readonly pid: number | undefined;
  /** Milliseconds for which it has had a processor; undefined where that cannot be known. */
  cpuMs(): number | undefined;
  ask(question: Question, body: Buffer): void;
  /** Ends it at once, whatever it is doing; settles when it is gone. */
  kill(): Promise<void>;
}

/** From Linux's /proc/PID/stat: utime and stime, the 14th and 15th field, in hundredths of a second. */
function cpuMs(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name of the program, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks * 10 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Starts a sandbox. It is a process and no thread: V8 ends the whole process when the heap of one of its threads
 * cannot hold the next allocation, so a policy that fills a list would end the server with it.
 *
 * @throws UserError `policies` where the system starts none
 */
export function startProcess({ setup, heapMegabytes, onFrame, onExit }: ProcessOptions): SandboxProcess {
  // Compiled code is kept where the server keeps its own: the next process then starts in half the time.
  const cache = getCompileCacheDir();
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${heapMegabytes}`, main, String(process.pid)],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      // Nothing of the server's surroundings is a policy's business, and Ctrl-C in a terminal is not meant for it.
      env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
      detached: true,
    },
  );
  if (child.pid === undefined) {
    child.on('error', () => undefined);
    const causes = 'it has too many files open, too many processes or too little memory';
    throw new UserError('policies', `policies: the system starts no process for them: ${causes}`);
  }
  const input = child.stdio[3] as Writable;
  const output = child.stdio[4] as Readable;
  // What cannot be written any more shows as the end of the process.
  input.on('error', () => undefined);
  output.on('error', () => undefined);
  output.on('data', frameReader(onFrame));
  let ended: Crash | undefined;
  const gone = once(child, 'close').catch(() => undefined);
  child.on('error', () => (ended = 'exit'));
  child.on('exit', (code, signal) => {
    // Node aborts when its heap is full; the kernel kills when the container's memory is.
    ended = signal === 'SIGABRT' || signal === 'SIGKILL' || code === 134 ? 'memory' : 'exit';
    // A policy may have given its pipes to a process of its own, which would keep them open for as long as it likes.
    setTimeout(() => {
      input.destroy();
      output.destroy();
    }, lastWordsMs).unref();
  });
  // After its last words were read, which say what it was doing.
  void gone.then(() => onExit(ended ?? 'exit'));
  input.write(textFrame(kinds.setup, JSON.stringify(setup)));
  return {
    pid: child.pid,
    cpuMs: () => cpuMs(child.pid),
    ask: (question, body) => {
      input.cork();
      input.write(textFrame(kinds.question, JSON.stringify(question)));
      input.write(numberFrame(kinds.body, body.length));
      input.write(body);
      input.uncork();
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
