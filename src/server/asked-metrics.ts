/** Metrics that nobody keeps: whoever knows is asked when they are scraped. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { isKnown, type FactsOfKind } from './facts-source.ts';
import type { OwnPolicy } from './sandbox/quarantine.ts';
import type { SuspensionState } from './suspension.ts';

/** Counts lines of the log that nobody took. */
export function addDroppedLines(registry: Registry, droppedLines: () => number): void {
  let counted = 0;
  const name = 'daygate_log_lines_dropped_total';
  const help = 'Lines of the log that found no room: nobody took them, or the disk was full';
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      const present = droppedLines();
      this.inc(present - counted);
      counted = present;
    },
  });
}

/** @param aggregator what is made of the values of several processes */
export function addGauge(
  registry: Registry,
  name: string,
  help: string,
  value: () => number,
  aggregator: 'sum' | 'max' = 'sum',
): void {
  new Gauge({
    name: `daygate_${name}`,
    help,
    registers: [registry],
    aggregator,
    collect() {
      this.set(value());
    },
  });
}

/** A quarantine ends by the clock, also where no review asks for the policy. */
export function addOwnPolicies(registry: Registry, policies: () => readonly OwnPolicy[]): void {
  new Gauge({
    name: 'daygate_policy_quarantined',
    help: '1 while a policy of your own is not run',
    labelNames: ['policy'],
    registers: [registry],
    aggregator: 'max',
    collect() {
      this.reset();
      for (const { id, quarantined } of policies()) this.set({ policy: id }, quarantined ? 1 : 0);
    },
  });
}

export function addSuspension(registry: Registry, state: () => SuspensionState | undefined): void {
  // Of several processes each learns of it with its next review.
  addGauge(
    registry,
    'suspended',
    '1 while daygate breakglass suspends enforcement',
    () => (state()?.suspended === true ? 1 : 0),
    'max',
  );
  addGauge(
    registry,
    'suspended_until_timestamp_seconds',
    'When that ends, or was to be undone, in seconds since 1970; 0 without daygate breakglass',
    () => Math.floor((state()?.until ?? 0) / 1000),
    'max',
  );
}

export function addFacts(registry: Registry, kinds: () => readonly FactsOfKind[]): void {
  const shown = (name: string, help: string, value: (kind: FactsOfKind) => number | undefined): void => {
    new Gauge({
      name: `daygate_${name}`,
      help,
      labelNames: ['kind'],
      registers: [registry],
      aggregator: 'max',
      collect() {
        this.reset();
        for (const one of kinds()) {
          const present = value(one);
          if (present !== undefined) this.set({ kind: one.kind }, present);
        }
      },
    });
  };
  shown('facts_objects', 'Objects that are held as facts', ({ objects }) => objects);
  shown(
    'facts_age_seconds',
    'Since the API server last confirmed what is known of a kind',
    ({ ageSeconds }) => ageSeconds,
  );
  shown('facts_unknown', '1 while policies are skipped because nothing is known of a kind', (kind) =>
    isKnown(kind) ? 0 : 1,
  );
}
