import { severities } from '../../engine/severities.ts';
import { count } from '../words.ts';
import { byteLength } from './byte-length.ts';
import {
  ownResult,
  type Outcome,
  type PolicyReport,
  type PolicyReportResult,
} from './policy-report-object.ts';

/** How much is written into a cluster. */
export interface PolicyReportCaps {
  /** Results of one object. */
  readonly results: number;
  /** Of one object, as compact JSON. */
  readonly bytes: number;
  /** PolicyReports; a ClusterPolicyReport comes with them. */
  readonly objects: number;
}

/** A request to etcd may have 1.5 MiB. */
export const defaultCaps: PolicyReportCaps = { results: 1_000, bytes: 1024 * 1024, objects: 1_000 };

const outcomes: readonly Outcome[] = ['error', 'fail', 'warn', 'skip', 'pass'];

/** The object with its results; where they have no room, with the gravest of them and how many are left out. */
export function fitResults(
  frame: Omit<PolicyReport, 'results'>,
  results: readonly PolicyReportResult[],
  caps: Omit<PolicyReportCaps, 'objects'>,
): PolicyReport {
  const whole = { ...frame, results };
  if (results.length <= caps.results && bytesOf(whole) <= caps.bytes) return whole;
  const kept = new Set<PolicyReportResult>();
  let room = caps.bytes - bytesOf(cut(whole, kept));
  for (const result of gravestFirst(results)) {
    // With the comma behind it; one place is for what says that there are more.
    room -= bytesOf(result) + 1;
    if (room < 0 || kept.size >= caps.results - 1) break;
    kept.add(result);
  }
  return cut(whole, kept);
}

function cut(whole: PolicyReport, kept: ReadonlySet<PolicyReportResult>): PolicyReport {
  const { metadata, results } = whole;
  const leftOut = results.length - kept.size;
  const message = `${count(leftOut, 'more result')} had no room here, none graver. The other formats have them all.`;
  return {
    ...whole,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, 'daygate.dev/left-out': String(leftOut) },
    },
    results: [...results.filter((result) => kept.has(result)), ownResult('skip', 'left-out', message)],
  };
}

function gravestFirst(results: readonly PolicyReportResult[]): readonly PolicyReportResult[] {
  const rank = ({ result, severity = 'critical' }: PolicyReportResult): number =>
    outcomes.indexOf(result) * severities.length + severities.indexOf(severity);
  return results.toSorted((a, b) => rank(a) - rank(b));
}

/** As compact JSON, the way Go writes it: `<`, `>` and `&` as six characters. */
function bytesOf(value: object): number {
  const text = JSON.stringify(value);
  return byteLength(text) + 5 * (text.match(/[<>&]/g)?.length ?? 0);
}
