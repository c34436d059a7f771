import type { Facts } from '#sdk';
import type { Compiled } from '../engine/compiled.ts';
import type { Check } from './readiness.ts';
import type { StatusPart } from './statusz.ts';

/** What is known of a kind. */
export type FactsState =
  /** Nothing yet. */
  | 'starting'
  | 'current'
  /** What was true until a moment ago, which still counts. */
  | 'broken'
  /** Nothing any more: what was known is too old. */
  | 'stale'
  /** Nothing: the server may not list it. */
  | 'forbidden'
  /** That there are no objects, since the cluster does not have the kind. */
  | 'absent';

export interface FactsOfKind {
  readonly kind: string;
  readonly state: FactsState;
  readonly objects: number;
  /** Since the API server last confirmed it; undefined where it never did. */
  readonly ageSeconds: number | undefined;
}

/** Where a server has facts from. It talks to no API server itself. */
export interface FactsSource {
  /** Undefined where the settings want none. */
  readonly facts: () => Facts | undefined;
  /** Undefined where the settings want none. */
  readonly kinds: () => readonly FactsOfKind[] | undefined;
  /** Takes up settings that came in force. */
  readonly follow: (compiled: Compiled) => void;
  readonly close: () => Promise<void>;
}

/** For a server that nobody gives facts. */
export const noFacts: FactsSource = {
  facts: () => undefined,
  kinds: () => undefined,
  follow: () => undefined,
  close: () => Promise.resolve(),
};

/** Whether policies that need facts about the kind are run. */
export function isKnown({ state }: FactsOfKind): boolean {
  return state === 'current' || state === 'broken' || state === 'absent';
}

/** Admission goes on without facts: all replicas lack the same ones, and nothing else is judged worse for it. */
export function factsCheck({ kinds }: FactsSource): Check {
  return {
    name: 'facts',
    problem: () => undefined,
    note: () => {
      const missing = kinds()?.filter((kind) => !isKnown(kind)) ?? [];
      if (missing.length === 0) return undefined;
      const list = missing.map(({ kind, state }) => `${kind} (${state})`).join(', ');
      return `policies that need them are skipped: nothing is known of ${list}`;
    },
  };
}

export function factsStatus({ kinds }: FactsSource): StatusPart {
  return { name: 'facts', value: () => kinds() ?? null };
}
