import { keyOfKind, type KindInfo } from '#sdk';
import { compareTexts } from '../engine/order.ts';
import type { ClusterError } from '../cluster/cluster-error.ts';
import type { KindCoverage } from '../report/audit/audit-report.ts';
import type { ReportError } from '../report/report.ts';

/** Takes how far the reading of each kind went. */
export interface CoverageLog {
  add(kind: KindInfo, version: string, objects: number, state: KindCoverage['state']): void;
  fail(kind: KindInfo, version: string, error: ClusterError, objects?: number): void;
  /** Takes note that a kind was not shown that an audit of some namespaces can do without: no gap, but not known. */
  withhold(kind: KindInfo): void;
  /** Names of these kinds, sorted. */
  withheld(): readonly string[];
  /** Whether nothing is known of a kind. */
  isFailed(kind: KindInfo): boolean;
  /** Takes note that a list of the kind, for facts or for verdicts, is of more than one moment. */
  resume(kind: KindInfo): void;
  /** Takes note that the API server is gone: nothing more is asked of it. */
  lose(error: ClusterError): void;
  lost(): ClusterError | undefined;
  kinds(): readonly KindCoverage[];
  errors(): readonly ReportError[];
}

export function coverageLog(): CoverageLog {
  // By name: policies may have each their own idea of a custom kind.
  const kinds = new Map<string, KindCoverage>();
  const errors = new Set<string>();
  const failed = new Set<string>();
  const resumed = new Set<string>();
  const withheld = new Set<string>();
  let lost: ClusterError | undefined;
  const add: CoverageLog['add'] = (kind, version, objects, state) => {
    const apiVersion = kind.group === '' ? version : `${kind.group}/${version}`;
    const known = state === 'complete' && resumed.has(keyOfKind(kind)) ? 'resumed' : state;
    kinds.set(keyOfKind(kind), { apiVersion, kind: kind.kind, objects, state: known });
  };
  return {
    add,
    fail: (kind, version, error, objects = 0) => {
      failed.add(keyOfKind(kind));
      const state = error.status === 403 ? 'forbidden' : error.status === 404 ? 'removed' : 'failed';
      add(kind, version, objects, state);
      const removed = `${kind.kind} of ${kind.group}: the cluster had this kind when the audit began, and has it no more: its CustomResourceDefinition or API service was removed meanwhile`;
      errors.add(state === 'removed' ? removed : error.message);
    },
    withhold: (kind) => {
      failed.add(keyOfKind(kind));
      withheld.add(kind.kind);
    },
    withheld: () => [...withheld].sort(compareTexts),
    isFailed: (kind) => failed.has(keyOfKind(kind)),
    resume: (kind) => void resumed.add(keyOfKind(kind)),
    lose: (error) => (lost = error),
    lost: () => lost,
    kinds: () =>
      [...kinds.values()].sort(
        (a, b) => compareTexts(a.kind, b.kind) || compareTexts(a.apiVersion, b.apiVersion),
      ),
    errors: () => [...errors].sort(compareTexts).map((message) => ({ code: 'cluster', message })),
  };
}
