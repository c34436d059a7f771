import cluster, { type Worker } from 'node:cluster';
import type { Readable } from 'node:stream';
import { UserError } from '../../errors.ts';
import { describeError, flushed, openLog, type LogOptions } from '../../log/log.ts';
import { wholeLines } from '../../log/whole-lines.ts';
import { closeOnSignals } from '../../close-on-signals.ts';
import type { SelfSigned } from '../self-signed.ts';
import type { SettingsSnapshot } from '../settings/in-force.ts';
import { collectMetrics } from './collect-metrics.ts';
import { saveConnections } from './lost-connections.ts';
import { beatMs, type ToSupervisor, type ToWorker, type WorkersState } from './messages.ts';
import { createRestarts, type EndReason } from './restarts.ts';
import { createSupervisorMetrics } from './supervisor-metrics.ts';
import type { MetricsSnapshot } from './sum-metrics.ts';

interface SupervisorOptions {
  /** How many workers serve: 2 or more. */
  readonly workers: number;
  /** The certificate of this run, where daygate makes its own. */
  readonly selfSigned?: SelfSigned | undefined;
  readonly log: LogOptions;
  /** How long workers may take to end after they were told to. */
  readonly endMs: number;
  /** Ends this process with the words and the code of a fault, after all workers have ended. */
  readonly giveUp: (error: UserError) => void;
}

/** A process of workers that are replaced when they end. */
interface Supervisor {
  /** Drains all workers and returns when they have ended. */
  readonly close: () => Promise<void>;
}

/** A worker and what is known of it. */
interface Member {
  readonly worker: Worker;
  readonly number: number;
  serving: boolean;
  /** Ticks since it was last heard of. */
  silent: number;
  /** Why it was killed, where this process did that. */
  killed: EndReason | undefined;
  /** Why it could not start, in its own words. */
  unusable: UserError | undefined;
  /** What it last said of its metrics. */
  metrics: MetricsSnapshot | undefined;
}

// Five seconds without a turn of the event loop: the longest review (7 MiB) takes 0.3 s, and half of what callers wait
// (timeoutSeconds is 10) is left for whoever asks again. Ticks are counted, not time: on a machine that stood still, or
// in a container that had no processor, this process ticks no more than its workers.
const mostSilentTicks = 10;
// Loading and compiling takes a second, on a busy machine with a hundredth of a core some more.
const startTicks = 120;

/**
 * Starts workers that share the port and replaces those that end or hang; returns when the first of them serves. This
 * process takes connections and hands them out in turn (node:cluster), so that few long-lived connections spread evenly
 * and a worker that hangs gets one more at most, which another gets when it is killed. It reads nothing of them.
 *
 * @throws UserError why the first worker cannot start
 */
export async function supervise(options: SupervisorOptions): Promise<Supervisor> {
  const { logger, writeWhole, droppedLines } = openLog(options.log);
  const restarts = createRestarts({ now: () => performance.now(), workers: options.workers });
  const members = new Set<Member>();
  const own = createSupervisorMetrics(() => serving(), droppedLines);
  const measure = collectMetrics(() => [...members], own.snapshot);
  const first = Promise.withResolvers<undefined>();
  let started = 0;
  let state: 'starting' | 'serving' | 'ending' = 'starting';
  let told = '';
  /** What a worker last served with, for those that replace others whatever lies on the disk by then. */
  let settings: SettingsSnapshot | undefined;
  let allGone = (): void => undefined;

  cluster.schedulingPolicy = cluster.SCHED_RR;
  // Lines come through pipes of their own: writes of several processes into one pipe mix as soon as they are long.
  cluster.setupPrimary({ stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });

  const start = (): void => {
    started += 1;
    const member: Member = {
      worker: cluster.fork(),
      number: started,
      serving: false,
      silent: mostSilentTicks - startTicks,
      killed: undefined,
      unusable: undefined,
      metrics: undefined,
    };
    members.add(member);
    const { worker } = member;
    saveConnections(worker);
    const lines = wholeLines(writeWhole);
    (worker.process.stdout as Readable).on('data', lines.take);
    worker.on('message', (message: ToSupervisor) => receive(member, message));
    worker.on('error', () => undefined);
    worker.process.once('close', (code: number | null, signal: string | null) => {
      lines.end();
      ended(member, code, signal);
    });
  };

  const receive = (member: Member, message: ToSupervisor): void => {
    if (member.serving) member.silent = 0;
    if (message.kind === 'hello') {
      const { selfSigned } = options;
      tell(member, {
        kind: 'begin',
        worker: member.number,
        ...(selfSigned === undefined ? {} : { selfSigned }),
        settings,
        state: workersState(),
      });
    } else if (message.kind === 'serving') {
      member.serving = true;
      member.silent = 0;
      first.resolve(undefined);
      tellState();
    } else if (message.kind === 'settings') {
      ({ settings } = message);
    } else if (message.kind === 'unusable') {
      member.unusable = new UserError(message.code, message.message, message.file);
    } else if (message.kind === 'measured') measure.measured(member, message.id, message.metrics);
    else if (message.kind === 'scrape') {
      const { id } = message;
      measure.text().then(
        (text) => tell(member, { kind: 'scraped', id, text }),
        // Whoever asked gives up by itself. A rejection that nobody takes would end this process, and all workers with it.
        (error: unknown) => logger.error(describeError(error), 'the metrics cannot be put together'),
      );
    }
  };

  const ended = (member: Member, code: number | null, signal: string | null): void => {
    members.delete(member);
    measure.gone(member);
    if (state === 'ending') {
      if (members.size === 0) allGone();
      return;
    }
    const reason =
      member.killed ?? (member.unusable !== undefined ? 'start' : signal === null ? 'exit' : 'signal');
    const how = member.unusable?.message ?? endWords(reason, code, signal);
    if (state === 'starting') {
      first.reject(member.unusable ?? new UserError('internal', `a worker ${how} before it served`));
      return;
    }
    const pause = restarts.ended(how);
    own.restarted(reason);
    logger.error(
      { worker: member.number, reason, how, pause },
      'a worker ended: another one takes its place',
    );
    tellState();
    // Settings or certificates that became unusable are no reason to stop those that still serve.
    const othersServe = reason === 'start' && [...members].some(({ serving }) => serving);
    if (restarts.isHopeless() && !othersServe) {
      const problem = new UserError('internal', `${restarts.problem() ?? how}: daygate gives up`);
      void close().then(() => options.giveUp(problem));
      return;
    }
    setTimeout(() => {
      if (state === 'serving') start();
    }, pause);
  };

  const serving = (): number => [...members].filter((member) => member.serving).length;

  const workersState = (): WorkersState => ({
    serving: serving(),
    wanted: options.workers,
    problem: restarts.problem(),
  });

  const tellState = (): void => {
    const present = workersState();
    const text = JSON.stringify(present);
    if (text === told) return;
    told = text;
    for (const member of members) tell(member, { kind: 'state', state: present });
  };

  const tick = (): void => {
    for (const member of members) {
      member.silent += 1;
      if (member.silent < mostSilentTicks || member.killed !== undefined) continue;
      member.killed = member.serving ? 'stuck' : 'start';
      member.worker.process.kill('SIGKILL');
    }
    tellState();
  };

  const beats = setInterval(tick, beatMs);
  start();
  try {
    await first.promise;
  } catch (error) {
    clearInterval(beats);
    throw error;
  }
  state = 'serving';
  logger.info({ workers: options.workers }, 'workers start');
  while (members.size < options.workers) start();

  let closing: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    state = 'ending';
    for (const member of members) tell(member, { kind: 'drain' });
    const limit = setTimeout(killAll, options.endMs);
    if (members.size > 0) await new Promise<void>((resolve) => (allGone = resolve));
    clearTimeout(limit);
    clearInterval(beats);
    await flushed(logger);
  };
  const killAll = (): void => {
    for (const { worker } of members) worker.process.kill('SIGKILL');
  };
  const close = (): Promise<void> => (closing ??= end());
  closeOnSignals(close, {
    exit: (code) => {
      killAll();
      process.exit(code);
    },
  });
  return { close };
}

function tell({ worker }: Member, message: ToWorker): void {
  // One that is ending is not told any more; its end is noted where it ends.
  if (worker.isConnected()) worker.send(message, () => undefined);
}

function endWords(reason: EndReason, code: number | null, signal: string | null): string {
  if (reason === 'stuck') return `did not answer for ${(mostSilentTicks * beatMs) / 1000} seconds`;
  if (reason === 'start') return `did not start within ${(startTicks * beatMs) / 1000} seconds`;
  return signal === null ? `ended with exit code ${code ?? '?'}` : `was ended by ${signal}`;
}
