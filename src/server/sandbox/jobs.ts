import type { PolicyError } from '../../engine/review.ts';
import type { PolicyReport, SandboxPlan } from '../../engine/sandboxed.ts';
import type { Limits } from '../limits.ts';
import type { RejectedError } from '../outcomes.ts';
import type { Question } from './frames.ts';

/** A review for the sandbox. */
export interface SandboxCall extends Question {
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

/** A review that waits, or that is being asked about. */
export interface Job {
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

export function newJob(call: SandboxCall, { resolve, reject }: Pick<Job, 'resolve' | 'reject'>): Job {
  return {
    call,
    left: call.plan.policies,
    running: undefined,
    since: 0,
    cpu: undefined,
    reports: [],
    retried: false,
    failed: [],
    settled: false,
    resolve,
    reject,
  };
}

/** Answers with what there is. */
export function settle(job: Job): void {
  if (job.settled) return;
  job.settled = true;
  job.resolve({ reports: job.reports, failed: job.failed });
}

/** Reviews that wait for the sandbox, their bodies counted. */
interface WaitingLine {
  readonly isEmpty: () => boolean;
  /** Whether a review with such a body is one too many. */
  isFullFor(bytes: number): boolean;
  put(job: Job, end: 'front' | 'back'): void;
  take(): Job | undefined;
  readonly all: () => readonly Job[];
  /** Drops what nobody waits for any more. */
  forgetSettled(): void;
}

export function waitingLine({
  waitingReviews,
  waitingBytes,
}: Pick<Limits, 'waitingReviews' | 'waitingBytes'>): WaitingLine {
  let line: Job[] = [];
  let bytes = 0;
  return {
    isEmpty: () => line.length === 0,
    isFullFor: (more) => line.length >= waitingReviews || bytes + more > waitingBytes,
    put: (job, end) => {
      bytes += job.call.body.length;
      if (end === 'front') line.unshift(job);
      else line.push(job);
    },
    take: () => {
      const job = line.shift();
      bytes -= job?.call.body.length ?? 0;
      return job;
    },
    all: () => line,
    forgetSettled: () => {
      line = line.filter(({ settled }) => !settled);
      bytes = line.reduce((sum, { call }) => sum + call.body.length, 0);
    },
  };
}
