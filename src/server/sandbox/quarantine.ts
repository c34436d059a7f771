/** A team's own policy. */
export interface OwnPolicy {
  readonly id: string;
  /** Whether it is left out for a while. */
  readonly quarantined: boolean;
}

interface QuarantineOptions {
  /** So many faults within the time lead to quarantine. */
  readonly faults: number;
  readonly minutes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onChange: (policy: string, held: boolean) => void;
}

/** Remembers which policies are not to be run for a while. */
interface Quarantine {
  /** Notes that a policy cost the sandbox its process. */
  fault(policy: string): void;
  holds(policy: string): boolean;
}

export function createQuarantine({ faults, minutes, now, onChange }: QuarantineOptions): Quarantine {
  const recent = new Map<string, readonly number[]>();
  const ends = new Map<string, number>();
  const span = minutes * 60_000;
  return {
    fault: (policy) => {
      const present = now();
      const times = [...(recent.get(policy) ?? []), present].filter((time) => present - time < span);
      recent.set(policy, times);
      if (times.length < faults) return;
      ends.set(policy, present + span);
      // It comes back on trial: the next fault is enough.
      recent.set(
        policy,
        times.slice(1).map(() => present + span),
      );
      onChange(policy, true);
    },
    holds: (policy) => {
      const end = ends.get(policy);
      if (end === undefined) return false;
      if (now() < end) return true;
      ends.delete(policy);
      onChange(policy, false);
      return false;
    },
  };
}
