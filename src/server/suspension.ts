/** The longest that enforcement may be suspended for at a time: `daygate breakglass --for` takes no more. */
export const longestSuspensionMs = 24 * 60 * 60_000;
// Clocks of the API server, of whoever broke the glass and of this server differ.
const skewMs = 5 * 60_000;

export interface SuspensionState {
  /** Whether it is in force. A time that is past says that nobody has undone it. */
  readonly suspended: boolean;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What the last reviews said about a suspension of enforcement. */
export interface Suspension {
  /**
   * Notes which path a review came by: with a time, in milliseconds since 1970, or the usual one. Returns whether
   * enforcement is suspended for it: after the time it is not, even where nobody undoes it.
   */
  readonly note: (until: number | undefined, now: number) => boolean;
  /** What the last review said; undefined where it came by the usual path. */
  readonly state: (now: number) => SuspensionState | undefined;
}

/**
 * Follows `daygate breakglass`, which suspends enforcement by other paths in the webhook configurations: the server
 * has no rights to look anything up, so it learns of it by the reviews that arrive.
 */
export function createSuspension(): Suspension {
  let last: number | undefined;
  return {
    note: (until, now) => {
      // Nearly always there is none.
      if (until === undefined && last === undefined) return false;
      // Whoever can reach the port can make up a path; one that breakglass would not write says nothing.
      if (until !== undefined && until > now + longestSuspensionMs + skewMs) return false;
      last = until;
      return until !== undefined && now < until;
    },
    state: (now) => (last === undefined ? undefined : { suspended: now < last, until: last }),
  };
}

/** The time in the last step of a path: `until-1763734349`, in seconds since 1970; undefined where it is none. */
export function suspendedUntil(step: string): number | undefined {
  const seconds = /^until-(\d{1,12})$/.exec(step)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
