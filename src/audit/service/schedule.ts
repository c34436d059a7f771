import { setTimeout as sleep } from 'node:timers/promises';

interface Schedule {
  /** Begins nothing more; what is under way is not waited for. */
  readonly stop: () => void;
  /** Settles once it has stopped. */
  readonly stopped: Promise<void>;
}

interface ScheduleOptions {
  readonly everyMs: number;
  /** Never rejects. */
  readonly run: () => Promise<void>;
  /** Milliseconds, only forward. */
  readonly clock?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Runs at once and then every so often. A time that comes while a run is still going is let pass: none overlap. */
export function startSchedule({
  everyMs,
  run,
  clock = () => performance.now(),
  wait = (ms, signal) => sleep(ms, undefined, { signal }),
}: ScheduleOptions): Schedule {
  const end = new AbortController();
  const { signal } = end;
  const began = clock();
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await run();
      const gone = clock() - began;
      // Aborted: the loop ends.
      await wait(everyMs - (gone % everyMs), signal).catch(() => undefined);
    }
  };
  return { stop: () => end.abort(), stopped: loop() };
}
