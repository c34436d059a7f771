import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { CompileOptions } from '../../engine/compile.ts';
import { UserError } from '../../errors.ts';
import { standardInput, type Inputs } from '../inputs.ts';
import type { ThreadData } from './messages.ts';

/** Starts a thread that runs `joinThreads`. */
export type StartThread = (data: ThreadData) => Worker;

/** The threads that help with reading and judging. */
export interface Threads {
  readonly start: StartThread;
  /** How many there are, with the one that is there anyway. */
  readonly count: number;
  readonly compiledWith: CompileOptions;
}

/** A thread needs 0.2 s of a processor until it is of use. One processor reads and judges 10 MB in a second. */
const leastBytesEach = 4_000_000;
/** Each takes 150 MiB, and what one alone has to do at the beginning and at the end leaves little to gain. */
const mostThreads = 4;

/**
 * The threads to read and judge with; undefined where one is enough, or where others cannot do it.
 *
 * @param asked `--threads`
 * @throws UserError `usage` where it is no number
 */
export function chooseThreads(
  asked: string | undefined,
  inputs: Inputs,
  compiledWith: CompileOptions,
  start: StartThread | undefined,
): Threads | undefined {
  if (asked !== undefined && !/^[1-9]\d?$/.test(asked))
    throw new UserError('usage', `--threads ${asked}: expected a number from 1 to 99`);
  // Standard input belongs to the process, and a key to fingerprints stays where it is.
  const isBound = inputs.files.some(({ file }) => file === standardInput);
  if (start === undefined || isBound || compiledWith.fingerprint !== undefined) return undefined;
  const count = asked === undefined ? worthwhile(inputs) : Math.min(Number(asked), inputs.files.length);
  return count < 2 ? undefined : { start, count, compiledWith };
}

/** How many threads read and judge faster than one does. */
function worthwhile({ files }: Inputs): number {
  const most = Math.min(availableParallelism(), mostThreads, files.length);
  if (most < 2) return 1;
  const bytes = files.reduce((sum, { file }) => sum + sizeOf(file), 0);
  return Math.min(most, Math.floor(bytes / leastBytesEach));
}

/** Whoever reads the file says why it cannot be read. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
