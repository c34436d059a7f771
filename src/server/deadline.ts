import { RejectedError } from './outcomes.ts';

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const component = /(\d{1,9}(?:\.\d{1,9})?)([mnuµ]s|[hms])/y;

/** Milliseconds of a Go duration such as `5s`, `1m30s` or `1.5s`; undefined for what is none. */
export function parseGoDuration(text: string): number | undefined {
  let total = 0;
  component.lastIndex = 0;
  do {
    const found = component.exec(text);
    if (found === null) return undefined;
    total += Number(found[1]) * (units[found[2] ?? ''] ?? 0);
  } while (component.lastIndex < text.length);
  return total;
}

// What the API server keeps for itself of the time it allows: the way here and back, and its own work. A tenth,
// at most half a second: of the usual 5 s, daygate uses 4.5 s.
const shareKept = 0.1;
const mostKeptMs = 500;
const longestDeadlineMs = 30_000;

/**
 * How long daygate may take for a call, from the `?timeout=` that the API server appends (timeoutSeconds of the
 * webhook, 30 s at most); `fallbackMs` for callers that state none.
 *
 * @throws RejectedError `malformed-timeout`
 */
export function deadlineFor(timeout: unknown, fallbackMs: number): number {
  if (timeout === undefined) return fallbackMs;
  const stated = typeof timeout === 'string' ? parseGoDuration(timeout) : undefined;
  if (stated === undefined || stated <= 0) {
    throw new RejectedError('malformed-timeout', 'timeout: expected a duration such as 5s');
  }
  const ms = Math.min(stated, longestDeadlineMs);
  return ms - Math.min(ms * shareKept, mostKeptMs);
}

/**
 * Tells since when a call has been waiting. Calls that come in while another one is being judged wait in the
 * kernel, where nobody notes their time; but all that are found waiting together were there when the turn of the
 * event loop began, so that is when their time starts. It errs towards answering: a call is never given up
 * earlier than its deadline.
 */
export function arrivalClock(): () => number {
  let turn: number | undefined;
  const endOfTurn = (): void => {
    turn = undefined;
  };
  return () => {
    if (turn === undefined) {
      turn = performance.now();
      setImmediate(endOfTurn);
    }
    return turn;
  };
}
