/** How workers come to their ends: they exit, a signal ends them, they hang and are killed, or they cannot start. */
export const endReasons = ['exit', 'signal', 'stuck', 'start'] as const;
export type EndReason = (typeof endReasons)[number];

/** Decides how soon a worker that ended is replaced, and when there is no use in it. */
interface Restarts {
  /** Notes that a worker ended; returns how many milliseconds to wait before the next one starts. */
  ended(how: string): number;
  /** What is wrong, for /readyz. */
  problem(): string | undefined;
  /** Whether so many ended one after the other that another one would, too. */
  isHopeless(): boolean;
}

interface RestartOptions {
  /** On the clock of performance.now(). */
  readonly now: () => number;
  /** How many there are: what ends all of them at once happened once. */
  readonly workers: number;
}

// What ends one worker seldom ends the next: it is replaced at once. What goes on ending them is given time, so that a
// crash is not repeated as fast as the machine can start processes (0.5 s of a core each).
const firstPauseMs = 200;
const longestPauseMs = 5_000;
// After so long without another end it is over.
const quietMs = 20_000;
/** Rounds in which each worker ended once. */
const toldAfter = 2;
// 0, 0.2, 0.4 … 3.2, and four times 5 s: Kubernetes then starts the container anew, with a back-off of its own.
const hopelessAfter = 10;

export function createRestarts({ now, workers }: RestartOptions): Restarts {
  let streak = 0;
  let last = -Infinity;
  let cause = '';
  const present = (): number => {
    if (now() - last > quietMs) streak = 0;
    return streak;
  };
  return {
    ended: (how) => {
      streak = present() + 1;
      last = now();
      cause = how;
      const round = Math.ceil(streak / workers);
      return round === 1 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (round - 2));
    },
    problem: () =>
      present() <= toldAfter * workers
        ? undefined
        : `workers ended ${streak} times in a row; the last one ${cause}`,
    isHopeless: () => present() >= hopelessAfter * workers,
  };
}
