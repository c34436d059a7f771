import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import { RejectedError } from '../outcomes.ts';
import { kinds, reportSchema, type Frame } from './frames.ts';
import { newJob, settle, waitingLine, type Job, type SandboxAnswer, type SandboxCall } from './jobs.ts';
import { keepProcess, type KeptProcessOptions } from './kept-process.ts';
import type { Loaded } from './loaded-policies.ts';
import type { Crash } from './process.ts';
import { createQuarantine } from './quarantine.ts';

/** Runs a team's own policies where they can do no harm. */
export interface Sandbox {
  readonly pid: () => number | undefined;
  /** What it has loaded. Where the settings do not fit that, it has ended already. */
  readonly loaded: Loaded;
  /** Whether a policy is left out for a while. */
  holds(policy: string): boolean;
  /** Rejects with a RejectedError `deadline`, `overloaded` or `fault`. */
  run(call: SandboxCall): Promise<SandboxAnswer>;
  /** Ends it when everything it was asked is answered. */
  retire(): Promise<void>;
  close(): Promise<void>;
}

interface SandboxOptions extends KeptProcessOptions {
  readonly limits: Pick<Limits, 'waitingReviews' | 'waitingBytes' | 'loadMs'>;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type Fault = Crash | 'time';

// Reading 7 MiB of JSON takes 0.1 s.
const readMs = 2_000;
const tickMs = 20;
/** How many reviews are sent ahead. What has not been asked when the process ends is sent to the next one. */
const mostAsked = 8;
/** How many times its time a policy may take that does not get a processor. */
const patience = 4;

/**
 * Starts the sandbox and returns when its policies are loaded. It answers one review after the other, so that what
 * happens to it is the doing of the policy that runs, and the reviews behind it only wait for the next process.
 *
 * @throws UserError `policies`
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { logger, metrics } = options;
  const bounds = options.settings.sandbox;
  const quarantine = createQuarantine({
    faults: bounds.faults,
    minutes: bounds.quarantineMinutes,
    now: options.now,
    onChange: (policy, held) => {
      // The log is about the policies in force.
      if (retired !== undefined) return;
      const minutes = bounds.quarantineMinutes;
      if (held) logger.error({ policy, minutes }, 'policy quarantined: it is not run after repeated faults');
      else logger.warn({ policy }, 'policy released from quarantine: it is tried again');
    },
  });

  const waiting = waitingLine(options.limits);
  /** What the sandbox has been sent, in order: it is asking about the first, and the others lie in its pipe. */
  const asked: Job[] = [];
  /** What ran too long when the process was told to end. */
  let condemned: { readonly job: Job; readonly running: number | undefined } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retired: PromiseWithResolvers<undefined> | undefined;

  /** Policies that nobody can ask have failed; the verdict is that of the others. */
  const giveUpWaiting = (): void => {
    for (const job of waiting.all()) fail(job, 'was not asked, because the sandbox cannot be started');
    waiting.forgetSettled();
    next();
  };

  /** Answers with what there is, and with policies that failed where there is none. */
  const fail = (job: Job, message: string): void => {
    job.failed.push(...job.left.map(({ id }) => ({ policy: id, message })));
    settle(job);
  };

  const receive = ({ kind, number, text }: Frame): void => {
    const [job] = asked;
    if (job === undefined) return;
    if (kind === kinds.begun) begin(job, number);
    else if (kind === kinds.report) {
      job.reports.push(reportSchema.parse(JSON.parse(text.toString('utf8'))));
    } else if (kind === kinds.done) {
      asked.shift();
      settle(job);
      const [following] = asked;
      if (following !== undefined) begin(following, undefined);
      next();
    }
  };

  const onExit = (crash: Crash): void => {
    for (const job of asked.splice(1).toReversed()) waiting.put(job, 'front');
    const job = asked.shift();
    if (job !== undefined) {
      // It may have come to its end while it was being told to.
      const late = condemned !== undefined && (condemned.job !== job || condemned.running !== job.running);
      if (late) resume(job, job.running ?? 0);
      else blame(job, condemned === undefined ? crash : 'time');
    }
    condemned = undefined;
  };

  const begin = (job: Job, running: number | undefined): void => {
    job.running = running;
    job.since = performance.now();
    job.cpu = undefined;
  };

  /** Sends reviews to the sandbox, some ahead, so that it need not wait for the next. */
  const next = (): void => {
    while (kept.state() === 'ready' && condemned === undefined && asked.length < mostAsked) {
      const job = waiting.take();
      if (job === undefined) break;
      if (job.settled) continue;
      job.left = job.left.filter(({ id }) => {
        const held = quarantine.holds(id);
        if (held) job.failed.push({ policy: id, message: 'is quarantined after repeated faults' });
        return !held;
      });
      if (job.left.length === 0) {
        settle(job);
        continue;
      }
      asked.push(job);
      begin(job, undefined);
      const { plan, review, body } = job.call;
      kept.ask({ plan: { ...plan, policies: job.left }, review }, body);
    }
    if (asked.length === 0 && waiting.isEmpty()) {
      clearInterval(timer);
      timer = undefined;
      retired?.resolve(undefined);
    } else timer ??= setInterval(watch, tickMs);
  };

  /** Ends policies that take too long, and reviews that nobody waits for any more. */
  const watch = (): void => {
    const time = performance.now();
    for (const job of [...asked, ...waiting.all()]) {
      if (job.settled || time <= job.call.deadline) continue;
      job.settled = true;
      job.reject(
        new RejectedError('deadline', 'policies of your own took too long for this review', job.call.uid),
      );
    }
    const [job] = asked;
    if (job === undefined) {
      // Where no process starts, nobody else would.
      if (kept.state() !== 'ready') waiting.forgetSettled();
      next();
      return;
    }
    const { running, since } = job;
    if (!isOverdue(job, time - since) || condemned !== undefined || kept.state() !== 'ready') return;
    // This process may have been busy itself: what the sandbox has said meanwhile is read first.
    setImmediate(() => {
      if (asked[0] !== job || job.running !== running || job.since !== since) return;
      condemned = { job, running };
      kept.kill();
    });
  };

  /** On a busy machine a policy may wait for a processor: that is not its fault, but it cannot last for ever. */
  const isOverdue = (job: Job, elapsed: number): boolean => {
    const most = job.running === undefined ? readMs : bounds.milliseconds;
    const used = kept.cpuMs();
    if (used === undefined) return elapsed > most;
    job.cpu ??= used;
    if (elapsed <= most) return false;
    return elapsed > most * patience || used - job.cpu >= most - 2 * tickMs;
  };

  /** The process is gone: whoever ran is to blame, and the rest of the review is asked of the next one. */
  const blame = (job: Job, fault: Fault): void => {
    const guilty = job.running === undefined ? undefined : job.left[job.running];
    if (guilty === undefined) {
      // Whoever ended the process may have meant another.
      if (!job.retried) {
        job.retried = true;
        resume(job, 0);
        return;
      }
      logger.error({ uid: job.call.uid, fault }, 'the sandbox failed before it asked a policy');
      fail(job, 'was not asked, because the sandbox failed on this object');
      return;
    }
    const policy = guilty.id;
    job.failed.push({ policy, message: words(fault) });
    metrics.sandboxFault(policy, fault).inc();
    logger.error({ policy, fault, uid: job.call.uid }, 'a policy cost the sandbox its process');
    quarantine.fault(policy);
    resume(job, (job.running ?? 0) + 1);
  };

  /** Asks the next process about a review, from one of its policies on. */
  const resume = (job: Job, from: number): void => {
    const asking = job.running === undefined ? undefined : job.left[job.running]?.id;
    job.reports = job.reports.filter(({ policy }) => policy !== asking);
    job.left = job.left.slice(from);
    if (job.left.length === 0) settle(job);
    else waiting.put(job, 'front');
  };

  const words = (fault: Fault): string => {
    if (fault === 'time') return `took longer than ${bounds.milliseconds} ms`;
    return fault === 'memory'
      ? `filled the memory of the sandbox (${bounds.heapMegabytes} MB)`
      : 'ended the sandbox';
  };

  const kept = keepProcess(options, { onReady: next, onFrame: receive, onExit, onDown: giveUpWaiting });
  const loaded = await kept.loaded.catch(async (error: unknown) => {
    await kept.close();
    throw error;
  });
  if (loaded.problems.length > 0) await kept.close();
  const close = async (): Promise<void> => {
    clearInterval(timer);
    for (const { call, reject } of [...asked, ...waiting.all()]) {
      reject(new RejectedError('fault', 'it is ending', call.uid));
    }
    retired?.resolve(undefined);
    await kept.close();
  };
  return {
    pid: kept.pid,
    loaded,
    holds: (policy) => quarantine.holds(policy),
    run: (call) =>
      new Promise((resolve, reject) => {
        if (kept.state() === 'closed') {
          reject(new RejectedError('fault', 'it is ending', call.uid));
          return;
        }
        if (waiting.isFullFor(call.body.length)) {
          reject(new RejectedError('overloaded', 'too many reviews wait for policies of your own', call.uid));
          return;
        }
        waiting.put(newJob(call, { resolve, reject }), 'back');
        if (kept.isDown()) giveUpWaiting();
        else next();
      }),
    retire: async () => {
      retired ??= Promise.withResolvers();
      next();
      await retired.promise;
      await close();
    },
    close,
  };
}
