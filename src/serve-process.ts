import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Policy } from '#sdk';
import { errorCodes, UserError } from './errors.ts';
import { drainSecondsOf, logLevelOf, writeCa, type ServeOptions } from './serve-options.ts';
import { closeOnSignals } from './close-on-signals.ts';
import { defaultGraceSeconds } from './server/lifecycle.ts';
import { selfSigned } from './server/self-signed.ts';
import { joinSupervisor, type Membership } from './server/workers/join.ts';

type BuiltIn = () => Promise<readonly Policy[]>;

// More are of no use to anybody, and each takes the memory of a server.
const mostWorkers = 64;
// Workers cut their last connections themselves; who takes longer than this has hung.
const spareMs = 5_000;

/** `daygate serve`: one process that serves, or a supervisor and the workers that it starts by the same command. */
export async function serveProcess(options: ServeOptions, builtIn: BuiltIn): Promise<void> {
  const workers = workersOf(options);
  if (workers > 1 && cluster.isWorker) {
    await work(options, builtIn);
    return;
  }
  // The first process of a container is not ended by signals that it does not listen to, and starting takes a while.
  const stopListening = closeOnSignals(() => Promise.resolve());
  try {
    await (workers === 1 ? serveHere(options, builtIn) : superviseWorkers(options, workers));
  } finally {
    stopListening();
  }
}

async function serveHere(options: ServeOptions, builtIn: BuiltIn, membership?: Membership): Promise<void> {
  markBetweenReviews();
  // The supervisor neither judges nor answers, and loads nothing that does.
  const { serveCommand } = await import('./serve-command.ts');
  await serveCommand(options, await builtIn(), membership);
}

/**
 * Marks what is in use, where V8 collects garbage, in short steps between reviews and not by threads beside them. These
 * take the processor from what serves wherever there are no more of them than a container usually has: the slowest
 * hundredth of the answers came two to three times as late. A heap with all pods of 5,000 nodes is marked as quickly. It
 * costs 80 MiB at full load (docs/performance.md).
 */
function markBetweenReviews(): void {
  setFlagsFromString('--no-concurrent-marking');
}

async function superviseWorkers(options: ServeOptions, workers: number): Promise<void> {
  const { supervise } = await import('./server/workers/supervise.ts');
  const made = options.selfSigned === true ? await selfSigned({ now: Date.now() }) : undefined;
  const { close } = await supervise({
    workers,
    selfSigned: made,
    log: { level: logLevelOf(options) },
    endMs: (drainSecondsOf(options) + defaultGraceSeconds) * 1000 + spareMs,
    giveUp: ({ code, message }) => {
      process.stderr.write(`daygate: ${message}\n`);
      process.exit(errorCodes[code].exit);
    },
  });
  await writeCa(options, made?.caPem, close);
}

async function work(options: ServeOptions, builtIn: BuiltIn): Promise<void> {
  const membership = await joinSupervisor();
  try {
    await serveHere(options, builtIn, membership);
  } catch (error) {
    if (!(error instanceof UserError)) {
      // It is told as any fault of daygate; the channel to the supervisor would keep this process.
      setImmediate(() => process.exit(errorCodes.internal.exit));
      throw error;
    }
    // One message for all: the supervisor's.
    await membership.unusable(error);
    process.exit(errorCodes[error.code].exit);
  }
}

function workersOf({ workers }: ServeOptions): number {
  if (workers === 'auto') return Math.min(availableParallelism(), mostWorkers);
  const number = /^\d{1,2}$/.test(workers) ? Number(workers) : 0;
  if (number >= 1 && number <= mostWorkers) return number;
  throw new UserError(
    'usage',
    `--workers ${workers}: expected auto, or a whole number from 1 to ${mostWorkers}`,
  );
}
