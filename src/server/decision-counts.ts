import type { Operation } from '#sdk';
import { allOperations } from '../engine/operations.ts';
import { verdictOutcomes, type VerdictOutcome } from './outcomes.ts';

/** A counter whose labels are chosen already, so that counting looks nothing up. */
export interface Count {
  inc(value?: number): void;
}

/** The counters of one profile. */
export interface ProfileMetrics {
  decision(outcome: VerdictOutcome, operation: Operation, dryRun: boolean): Count;
}

interface DecisionLabels {
  readonly verdict: string;
  readonly operation: string;
  readonly dry_run: string;
}

/**
 * All counters of a profile at once: 5 verdicts × 4 operations × 2.
 *
 * @param count the counter of one combination
 */
export function profileMetrics(count: (labels: DecisionLabels) => Count): ProfileMetrics {
  const table = <K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> =>
    Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
  const counts = table(verdictOutcomes, (verdict) =>
    table(allOperations, (operation) =>
      table(['yes', 'no'], (dry_run) => count({ verdict, operation, dry_run })),
    ),
  );
  return { decision: (outcome, operation, dryRun) => counts[outcome][operation][dryRun ? 'yes' : 'no'] };
}
