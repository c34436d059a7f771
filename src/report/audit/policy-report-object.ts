import type { Category, Severity } from '#sdk';
import type { ObjectReference } from '../../engine/review.ts';

/** A result of a PolicyReport. An audit tells what fails: none is a `pass`. */
export interface PolicyReportResult {
  readonly source: 'daygate';
  readonly policy: string;
  /** Which of the policy's messages it is. */
  readonly rule: string;
  readonly category?: Category;
  readonly severity?: Severity;
  readonly result: Outcome;
  /** Whether it is in the way of production. */
  readonly scored: boolean;
  readonly message: string;
  /** Midnight of the day of the audit, UTC. */
  readonly timestamp?: { readonly seconds: number; readonly nanos: number };
  readonly resources?: readonly ObjectReference[];
  readonly properties?: Readonly<Record<string, string>>;
}

export type Outcome = 'pass' | 'fail' | 'warn' | 'error' | 'skip';

export interface PolicyReport {
  readonly apiVersion: 'wgpolicyk8s.io/v1alpha2';
  readonly kind: 'PolicyReport' | 'ClusterPolicyReport';
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** Of all results, those included that had no room. */
  readonly summary: Readonly<Record<Outcome, number>>;
  readonly results: readonly PolicyReportResult[];
}

/** What daygate says about the report itself. */
export function ownResult(result: Outcome, rule: string, message: string): PolicyReportResult {
  return { source: 'daygate', policy: 'daygate', rule, result, scored: false, message };
}
