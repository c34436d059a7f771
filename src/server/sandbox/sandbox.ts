import { z } from 'zod';
import type { PolicyError } from '../../engine/review.ts';
import type { PolicyReport, SandboxPlan } from '../../engine/sandboxed.ts';
import { settingsForSandbox } from '../../engine/sandboxed.ts';
import type { Compiled } from '../../engine/compile.ts';
import { UserError } from '../../errors.ts';
import { describeError, type Logger } from '../../log/log.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import { RejectedError } from '../outcomes.ts';
import { kinds, type Frame, type Question } from './frames.ts';
import { startProcess, type Crash, type SandboxProcess } from './process.ts';
import { createQuarantine } from './quarantine.ts';

/** A review for the sandbox. */
interface SandboxCall extends Question {
  readonly uid: string;
  /** The call as it came in. */
  readonly body: Buffer;
  /** When nobody waits for the answer any more, on the clock of performance.now(). */
  readonly deadline: number;
}

/** What policies said, and which could not. */
export interface SandboxAnswer {
  readonly reports: readonly PolicyReport[];
  readonly failed: readonly PolicyError[];
}

/** Runs a team's own policies where they can do no harm. */
export interface Sandbox {
  readonly pid: () => number | undefined;
  /** Rejects with a RejectedError `deadline`, `overloaded` or `fault`. */
  run(call: SandboxCall): Promise<SandboxAnswer>;
  close(): Promise<void>;
}

interface SandboxOptions {
  readonly folders: readonly string[];
  readonly compiled: Compiled;
  readonly limits: Pick<Limits, 'waitingReviews' | 'waitingBytes'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A review that waits, or that is being asked about. */
interface Job {
  readonly call: SandboxCall;
  /** Policies that are still to be asked. */
  left: SandboxPlan['policies'];
  /** The one that runs, as a position in `left`; none while the sandbox reads the body. */
  running: number | undefined;
  /** When that began, on the clock of performance.now(). */
  since: number;
  /** What the process had used of a processor soon after that. */
  cpu: number | undefined;
  reports: PolicyReport[];
  /** Whether a process has ended before it asked anything. */
  retried: boolean;
  readonly failed: PolicyError[];
  settled: boolean;
  readonly resolve: (answer: SandboxAnswer) => void;
  readonly reject: (error: RejectedError) => void;
}

type Fault = Crash | 'time';

const findingSchema = z.array(
  z.object({
    message: z.string(),
    at: z.array(z.union([z.string(), z.number()])),
    data: z.record(z.string(), z.unknown()),
  }),
);
const reportSchema: z.ZodType<PolicyReport> = z.object({
  policy: z.string(),
  findings: findingSchema,
  before: findingSchema,
  errors: z.array(z.string()),
  skipped: z.array(z.string()),
});

// Loading policies takes some tenths of a second; a machine that is starting up is busy.
const startMs = 20_000;
// Reading 7 MiB of JSON takes 0.1 s.
const readMs = 2_000;
const tickMs = 20;
/** How many reviews are sent ahead. What has not been asked when the process ends is sent to the next one. */
const mostAsked = 8;
/** How many times its time a policy may take that does not get a processor. */
const patience = 4;
const restartMs = 1_000;

/**
 * Starts the sandbox and returns when its policies are loaded. It answers one review after the other, so that what
 * happens to it is the doing of the policy that runs, and the reviews behind it only wait for the next process.
 *
 * @throws UserError `policies`
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { compiled, logger, metrics, limits, folders } = options;
  const { sandbox: bounds } = compiled.settings;
  const setup = { folders, settings: settingsForSandbox(compiled.settings, compiled.sandboxed) };
  const quarantine = createQuarantine({
    faults: bounds.faults,
    minutes: bounds.quarantineMinutes,
    now: options.now,
    onChange: (policy, held) => {
      metrics.quarantined(policy, held);
      const minutes = bounds.quarantineMinutes;
      if (held) logger.error({ policy, minutes }, 'policy quarantined: it is not run after repeated faults');
      else logger.warn({ policy }, 'policy released from quarantine: it is tried again');
    },
  });
  for (const policy of compiled.sandboxed) metrics.quarantined(policy, false);

  const waiting: Job[] = [];
  let waitingBytes = 0;
  /** What the sandbox has been sent, in order: it is asking about the first, and the others lie in its pipe. */
  const asked: Job[] = [];
  let state: 'starting' | 'ready' | 'closed' = 'starting';
  /** What ran too long when the process was told to end. */
  let condemned: { readonly job: Job; readonly running: number | undefined } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const first = Promise.withResolvers<undefined>();

  const launch = (): SandboxProcess => {
    state = 'starting';
    condemned = undefined;
    const started = performance.now();
    const limit = setTimeout(() => {
      first.reject(new UserError('policies', `policies: were not loaded within ${startMs / 1000} seconds`));
      void launched.kill();
    }, startMs);
    const launched = startProcess({
      setup,
      heapMegabytes: bounds.heapMegabytes,
      onFrame: (frame) => {
        if (frame.kind === kinds.ready || frame.kind === kinds.unusable) clearTimeout(limit);
        try {
          receive(frame);
        } catch (error) {
          // A policy that rewrites what JavaScript is made of can make nonsense of a report.
          logger.error(describeError(error), 'the sandbox cannot be understood');
          void launched.kill();
        }
      },
      onExit: (crash) => {
        clearTimeout(limit);
        if (state === 'closed') return;
        const early = state === 'starting';
        if (early) {
          first.reject(new UserError('policies', 'policies: the sandbox ended while it loaded them'));
          logger.error({ crash }, 'the sandbox cannot be started');
        }
        state = 'starting';
        for (const job of asked.splice(1).toReversed()) put(job, 'front');
        const job = asked.shift();
        if (job !== undefined) {
          // It may have come to its end while it was being told to.
          const late =
            condemned !== undefined && (condemned.job !== job || condemned.running !== job.running);
          if (late) resume(job, job.running ?? 0);
          else blame(job, condemned === undefined ? crash : 'time');
        }
        // One that cannot start is not tried in a circle.
        const pause = early ? Math.max(0, restartMs - (performance.now() - started)) : 0;
        const again = (): void => {
          if (state !== 'closed') present = launch();
        };
        if (pause === 0) again();
        else setTimeout(again, pause).unref();
      },
    });
    return launched;
  };

  const receive = ({ kind, number, text }: Frame): void => {
    const [job] = asked;
    if (kind === kinds.ready) {
      state = 'ready';
      first.resolve(undefined);
      next();
    } else if (kind === kinds.unusable) {
      first.reject(new UserError('policies', text.toString('utf8')));
    } else if (job !== undefined) {
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
    }
  };

  const settle = (job: Job): void => {
    if (job.settled) return;
    job.settled = true;
    job.resolve({ reports: job.reports, failed: job.failed });
  };

  const begin = (job: Job, running: number | undefined): void => {
    job.running = running;
    job.since = performance.now();
    job.cpu = undefined;
  };

  /** Sends reviews to the sandbox, some ahead, so that it need not wait for the next. */
  const next = (): void => {
    while (state === 'ready' && condemned === undefined && asked.length < mostAsked) {
      const job = waiting.shift();
      if (job === undefined) break;
      waitingBytes -= job.call.body.length;
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
      present.ask({ plan: { ...plan, policies: job.left }, review }, body);
    }
    if (asked.length === 0 && waiting.length === 0) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(watch, tickMs);
  };

  /** Ends policies that take too long, and reviews that nobody waits for any more. */
  const watch = (): void => {
    const time = performance.now();
    for (const job of [...asked, ...waiting]) {
      if (job.settled || time <= job.call.deadline) continue;
      job.settled = true;
      job.reject(
        new RejectedError('deadline', 'policies of your own took too long for this review', job.call.uid),
      );
    }
    const [job] = asked;
    if (job === undefined) {
      next();
      return;
    }
    const { running, since } = job;
    if (!isOverdue(job, time - since) || condemned !== undefined || state !== 'ready') return;
    // This process may have been busy itself: what the sandbox has said meanwhile is read first.
    setImmediate(() => {
      if (asked[0] !== job || job.running !== running || job.since !== since) return;
      condemned = { job, running };
      void present.kill();
    });
  };

  /** On a busy machine a policy may wait for a processor: that is not its fault, but it cannot last for ever. */
  const isOverdue = (job: Job, elapsed: number): boolean => {
    const most = job.running === undefined ? readMs : bounds.milliseconds;
    const used = present.cpuMs();
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
      const message = 'was not asked, because the sandbox failed on this object';
      job.failed.push(...job.left.map(({ id }) => ({ policy: id, message })));
      logger.error({ uid: job.call.uid, fault }, 'the sandbox failed before it asked a policy');
      settle(job);
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
    else put(job, 'front');
  };

  const words = (fault: Fault): string => {
    if (fault === 'time') return `took longer than ${bounds.milliseconds} ms`;
    return fault === 'memory'
      ? `filled the memory of the sandbox (${bounds.heapMegabytes} MB)`
      : 'ended the sandbox';
  };

  const put = (job: Job, end: 'front' | 'back'): void => {
    waitingBytes += job.call.body.length;
    if (end === 'front') waiting.unshift(job);
    else waiting.push(job);
  };

  let present = launch();
  try {
    await first.promise;
  } catch (error) {
    state = 'closed';
    await present.kill();
    throw error;
  }
  return {
    pid: () => present.pid,
    run: (call) =>
      new Promise((resolve, reject) => {
        if (state === 'closed') {
          reject(new RejectedError('fault', 'it is ending', call.uid));
          return;
        }
        const full =
          waiting.length >= limits.waitingReviews || waitingBytes + call.body.length > limits.waitingBytes;
        if (full) {
          reject(new RejectedError('overloaded', 'too many reviews wait for policies of your own', call.uid));
          return;
        }
        const fresh = {
          retried: false,
          left: call.plan.policies,
          running: undefined,
          since: 0,
          cpu: undefined,
          settled: false,
        } as const;
        put({ call, ...fresh, reports: [], failed: [], resolve, reject }, 'back');
        next();
      }),
    close: async () => {
      state = 'closed';
      clearInterval(timer);
      for (const { call, reject } of [...asked, ...waiting]) {
        reject(new RejectedError('fault', 'it is ending', call.uid));
      }
      await present.kill();
    },
  };
}
