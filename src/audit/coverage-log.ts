import { keyOfKind, type KindInfo } from '#sdk';
import { roleFor, type ClusterError, type MissingRight } from '../cluster/cluster-error.ts';
import { apiVersionIn } from '../engine/api-version.ts';
import { compareTexts } from '../engine/order.ts';
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
  const refusals = new Map<string, Refusal>();
  const failed = new Set<string>();
  const resumed = new Set<string>();
  const withheld = new Set<string>();
  let lost: ClusterError | undefined;
  const add: CoverageLog['add'] = (kind, version, objects, state) => {
    const apiVersion = apiVersionIn(kind.group, version);
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
      const { message, missing } = error;
      if (missing?.verb === 'list') refusals.set(message, { message, missing });
      else errors.add(state === 'removed' ? removed : message);
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
    errors: () =>
      [...errors, ...refusalWords([...refusals.values()])]
        .sort(compareTexts)
        .map((message) => ({ code: 'cluster', message })),
  };
}

interface Refusal {
  readonly message: string;
  readonly missing: MissingRight;
}

/** What may not be listed, in one sentence for all that one role would give: an account without rights lacks forty. */
function refusalWords(refusals: readonly Refusal[]): readonly string[] {
  const byRole = Map.groupBy(refusals, ({ missing: { server, who, namespace } }) =>
    JSON.stringify([server, who, namespace]),
  );
  return [...byRole.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const { server, who, namespace } = first.missing;
    const where = namespace === undefined ? '' : ` of namespace ${namespace}`;
    const resources = all.map(({ missing }) => missing.resource).sort(compareTexts);
    const reader = namespace === undefined ? 'audit' : `audit-namespace -n ${namespace}`;
    const lack =
      all.length === 1
        ? first.message
        : `${server}: not allowed to list ${all.length} kinds${where} (403): ${who} needs a ${roleFor(namespace)} with the verb list on ${resources.join(', ')}`;
    return `${lack}; daygate render --rbac ${reader} prints one with all that an audit needs, and its binding`;
  });
}
