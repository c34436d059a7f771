import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { Operation } from '#sdk';
import { printable } from '../engine/message.ts';
import { openLineWriter } from './line-writer.ts';

export type { Logger } from 'pino';
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface LogOptions {
  readonly level?: LogLevel;
  /** Standard output unless told otherwise. Lines are JSON, one per event. */
  readonly destination?: DestinationStream;
  /** The number of the worker that writes, where there are several. */
  readonly worker?: number | undefined;
}

/** A logger, and where its lines go. */
interface Log {
  readonly logger: Logger;
  /** Lines that are whole already, from another process. */
  readonly writeWhole: (lines: Buffer) => void;
  /** How many lines found no room so far, because nobody took them. */
  readonly droppedLines: () => number;
}

/** Opens standard output as a log that waits for nobody, or logs to where it is told. */
export function openLog({ destination, ...options }: LogOptions = {}): Log {
  if (destination !== undefined) {
    const writeWhole = (lines: Buffer): void => destination.write(lines.toString('utf8'));
    return { logger: createLogger({ ...options, destination }), writeWhole, droppedLines: () => 0 };
  }
  const writer = openLineWriter({
    dest: 1,
    onWritable: (lines) =>
      logger.warn({ lines }, 'log lines were dropped: nobody took them, or the disk was full'),
  });
  const logger = createLogger({ ...options, destination: writer });
  return { logger, writeWhole: writer.writeWhole, droppedLines: writer.dropped };
}

/** Settles when all lines are written, or after a second. */
export function flushed(logger: Logger): Promise<void> {
  return new Promise((resolve) => logger.flush(() => resolve()));
}

/** A JSON logger. */
export function createLogger({
  level = 'info',
  destination,
  worker,
}: LogOptions & { readonly destination: DestinationStream }): Logger {
  return pino(
    {
      level,
      base: { service: 'daygate', worker },
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/** One decision, as the log keeps it: names, ids and numbers. Objects, patches and values have no place in it. */
export interface Decision {
  readonly webhook: 'validate' | 'mutate';
  readonly verdict: string;
  readonly profile: string;
  readonly uid: string;
  readonly operation: Operation;
  readonly kind: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly user: string;
  readonly dryRun: boolean;
  /** Ids of the policies that found something, that failed, or that fixed something. */
  readonly policies: readonly string[];
  /** Those of them whose findings would have been refused, had daygate been enforcing. */
  readonly wouldDeny?: readonly string[];
  readonly failed: readonly string[];
  /** What went wrong with those that failed: `require-tier failed with TypeError at policy.ts:24:11`. */
  readonly errors?: readonly string[];
  readonly ms: number;
}

// A namespace has at most 63 characters, an object name 253, a label-like kind 63.
const longestName = 253;

export function logDecision(logger: Logger, level: 'debug' | 'info' | 'error', decision: Decision): void {
  if (!logger.isLevelEnabled(level)) return;
  const { uid, kind, namespace, name, user, subresource, failed, dryRun, ms } = decision;
  // pino leaves out what is undefined.
  logger[level](
    {
      webhook: decision.webhook,
      verdict: decision.verdict,
      profile: decision.profile,
      uid: isUuid.test(uid) ? uid : loggable(uid),
      operation: decision.operation,
      kind: loggable(kind),
      subresource: subresource === undefined ? undefined : loggable(subresource),
      namespace: namespace === undefined ? undefined : loggable(namespace),
      name: loggable(name),
      user: loggable(user),
      dryRun: dryRun ? true : undefined,
      policies: decision.policies,
      wouldDeny: decision.wouldDeny,
      failed: failed.length === 0 ? undefined : failed,
      errors: decision.errors,
      ms: Math.round(ms * 1000) / 1000,
    },
    'decision',
  );
}

/** What the API server calls its reviews: no two are the same, so searching each for credentials would cost most. */
const isUuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

function loggable(name: string): string {
  return printable(name.slice(0, 2 * longestName), longestName);
}

/** What may be written down of an error: its name and where it came from. Its message may quote somebody's text. */
export function describeError(error: unknown): {
  readonly error: string;
  readonly frames: readonly string[];
} {
  if (!(error instanceof Error)) return { error: typeof error, frames: [] };
  const { stack = '', message } = error;
  // A stack begins with the message, which may have lines that look like frames.
  const start = stack.indexOf(message);
  const frames =
    start === -1
      ? []
      : stack
          .slice(start + message.length)
          .split('\n')
          .slice(1);
  return { error: printable(error.name, 64), frames: frames.slice(0, 12).map((line) => line.trim()) };
}
