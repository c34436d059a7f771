import type { IncomingHttpHeaders } from 'node:http';
import type { Webhook } from './metrics.ts';
import type { Rejection, VerdictOutcome } from './outcomes.ts';

/** What a trace says of a judged review: ids and counts. Names and values have no place in it. */
export interface TracedDecision {
  readonly verdict: VerdictOutcome;
  readonly profile: string;
  readonly uid: string;
  readonly operation: string;
  readonly kind: string;
  readonly policies: readonly string[];
  readonly failed: readonly string[];
  readonly findings: number;
}

/** The trace of one call. */
export interface ReviewTrace {
  /** The body has been read as a review. */
  parsed(): void;
  /** The review has been judged; what is left is to send the answer. */
  decided(decision: TracedDecision): void;
  /** The answer is on its way; with a rejection where it is no verdict. */
  ended(rejection?: Rejection): void;
}

/** Where traces go. A server that has none does not load what makes them. */
export interface Traces {
  /** Undefined where this call is not to be traced. `arrivedAt` is on the clock of performance.now(). */
  begin(webhook: Webhook, headers: IncomingHttpHeaders, arrivedAt: number): ReviewTrace | undefined;
  /** Sends what waits, and gives up after some seconds. */
  close(): Promise<void>;
}
