import { isRecord, property } from '#sdk';
import type { Verdict } from '../../engine/review.ts';
import { fileProblem } from '../../errors.ts';
import { describeError, type Logger } from '../../log/log.ts';
import { recordedVerdict, redactReview, type RecordedReview } from '../../record/recorded-review.ts';
import type { RecordFiles } from './record-files.ts';

/** A review that was answered. */
export interface Answered {
  /** The body of the call. */
  readonly bytes: Buffer;
  readonly profile: string;
  readonly verdict: Verdict;
  /** When it was judged, in milliseconds since 1970. */
  readonly now: number;
  /** Digest of the settings it was judged by. */
  readonly settings: string;
}

/** What became of a review that could have been recorded. */
export const recordResults = ['kept', 'busy', 'large', 'disk', 'failed'] as const;
export type RecordResult = (typeof recordResults)[number];

export interface Recorder {
  /** Takes a review to be recorded later, or does not; never throws and never waits. */
  readonly take: (answered: Answered) => void;
  /** Writes what it has taken, and says what it has left out. */
  readonly close: () => Promise<void>;
}

interface RecorderOptions {
  readonly files: RecordFiles;
  readonly version: string;
  readonly logger: Logger;
  readonly count: (result: RecordResult) => void;
  /** Milliseconds on a clock that only goes forward. */
  readonly clock?: () => number;
}

// Redacting takes about ten times as long as judging and happens in the serving thread, between reviews: a twentieth
// of its time at most, saved up for half a second.
const share = 0.05;
const savedMs = 25;
// What is said of a review matters more where it is not `allowed`: those may use the last half of what is saved.
const reservedMs = savedMs / 2;
// One large object would stop reviews for tens of milliseconds, and so would one that is full of credentials: each of
// them is looked at together with all others.
const longestBody = 128 * 1024;
const longestMs = 50;
const longestQueue = 64;
// Lines that wait for the disk.
const longestWaiting = 4 * 1024 * 1024;
const flushMs = 500;
const retryMs = 10_000;

/**
 * Keeps redacted reviews in files. It takes what it has time for and counts the rest: admission never waits for it,
 * whatever the disk does.
 */
export function createRecorder({
  files,
  version,
  logger,
  count: countResult,
  clock = () => performance.now(),
}: RecorderOptions): Recorder {
  const reviews: Record<RecordResult, number> = { kept: 0, busy: 0, large: 0, disk: 0, failed: 0 };
  const count = (result: RecordResult): void => {
    reviews[result]++;
    countResult(result);
  };
  const queue: Answered[] = [];
  let [saved, at] = [savedMs, clock()];
  let scheduled: NodeJS.Immediate | undefined;
  let lines: string[] = [];
  let waiting = 0;
  let writing: Promise<void> | undefined;
  let [failedAt, isFailing] = [-Infinity, false];

  const refill = (): number => {
    const now = clock();
    saved = Math.min(savedMs, saved + (now - at) * share);
    at = now;
    return saved;
  };

  const take: Recorder['take'] = (answered) => {
    const { verdict, bytes } = answered;
    const isRoutine = verdict.allowed && verdict.findings.length === 0 && verdict.errors.length === 0;
    if (bytes.length > longestBody) count('large');
    else if (queue.length >= longestQueue || refill() < (isRoutine ? reservedMs : 0)) count('busy');
    else {
      queue.push(answered);
      scheduled ??= setImmediate(work);
    }
  };

  /** One review between two turns of the event loop. */
  function work(): void {
    scheduled = undefined;
    const next = queue.shift();
    if (next === undefined) return;
    refill();
    keep(next);
    saved -= clock() - at;
    at = clock();
    if (queue.length > 0) scheduled = setImmediate(work);
  }

  function keep(answered: Answered): void {
    let line: string;
    const end = clock() + longestMs;
    const inTime = (): void => {
      if (clock() > end) throw tooLong;
    };
    try {
      line = `${JSON.stringify(recordOf(answered, version, inTime))}\n`;
    } catch (error) {
      count(error === tooLong ? 'large' : 'failed');
      if (error === tooLong) return;
      logger.debug(describeError(error), 'a review could not be recorded');
      return;
    }
    if (waiting + line.length > longestWaiting) {
      count('disk');
      return;
    }
    lines.push(line);
    waiting += line.length;
  }

  async function write(): Promise<void> {
    const batch = lines;
    lines = [];
    waiting = 0;
    try {
      await files.append(batch.join(''));
      batch.forEach(() => count('kept'));
      if (isFailing) logger.info('reviews are recorded again');
      isFailing = false;
    } catch (error) {
      batch.forEach(() => count('disk'));
      failedAt = clock();
      if (!isFailing)
        logger.error({ reason: fileProblem(error) }, 'reviews cannot be recorded: admission goes on without');
      isFailing = true;
    }
  }

  const flush = (): void => {
    if (writing !== undefined || lines.length === 0 || clock() - failedAt < retryMs) return;
    writing = write().finally(() => (writing = undefined));
  };
  const timer = setInterval(flush, flushMs).unref();

  return {
    take,
    close: async () => {
      clearInterval(timer);
      clearImmediate(scheduled);
      for (const answered of queue.splice(0)) keep(answered);
      await writing;
      if (lines.length > 0) await write();
      await files.close().catch(() => undefined);
      // Metrics go with the process.
      if (recordResults.some((result) => result !== 'kept' && reviews[result] > 0))
        logger.info({ reviews }, 'not all reviews were recorded');
    },
  };
}

const tooLong = new Error('a review takes too long to be recorded');

function recordOf(
  { bytes, profile, verdict, now, settings }: Answered,
  version: string,
  inTime: () => void,
): RecordedReview {
  const request = property(JSON.parse(bytes.toString('utf8')), 'request');
  const { review, redacted, notCompared } = redactReview(isRecord(request) ? request : {}, inTime);
  return {
    daygateRecord: 1,
    time: new Date(now).toISOString(),
    daygate: version,
    settings,
    profile,
    verdict: recordedVerdict(verdict),
    redacted: [...redacted],
    notCompared: [...notCompared],
    review,
  };
}
