import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for its turn before a call; `calls` counts the turns. */
export interface Pace {
  readonly turn: () => Promise<void>;
  readonly calls: () => number;
}

/** At most so many calls a second, evenly spaced: an audit must never be what slows an API server down. */
export function paceOf(perSecond: number): Pace {
  const gapMs = 1000 / perSecond;
  let next = 0;
  let calls = 0;
  return {
    turn: async () => {
      calls++;
      const now = performance.now();
      const due = Math.max(now, next);
      next = due + gapMs;
      if (due > now) await sleep(due - now);
    },
    calls: () => calls,
  };
}
