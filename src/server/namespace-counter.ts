import type { Counter } from 'prom-client';
import { printable } from '../engine/message.ts';
import type { VerdictOutcome } from './outcomes.ts';

/** Counts a review that was not a dry run. */
export type NamespaceCounter = (namespace: string | undefined, outcome: VerdictOutcome) => void;

// Nearly all reviews have nothing to say: what they come to is in daygate_decisions_total.
const counted: ReadonlySet<VerdictOutcome> = new Set(['warned', 'denied', 'patched']);

const dnsLabel = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;

/**
 * Counts decisions by namespace, with series for the first so many namespaces that something is said about. All
 * others share the name `Other`, which no namespace can have.
 */
export function namespaceCounter(counter: Counter<'namespace' | 'verdict'>, most: number): NamespaceCounter {
  const named = new Set<string>();
  const nameOf = (namespace: string): string => {
    if (named.has(namespace)) return namespace;
    // Callers who are no API server may send any text, a credential among others.
    const usable = dnsLabel.test(namespace) && printable(namespace, 63) === namespace;
    if (!usable || named.size >= most) return 'Other';
    named.add(namespace);
    return namespace;
  };
  return (namespace, outcome) => {
    if (namespace === undefined || !counted.has(outcome)) return;
    counter.inc({ namespace: nameOf(namespace), verdict: outcome });
  };
}
