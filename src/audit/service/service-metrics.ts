import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { compareTexts } from '../../engine/order.ts';
import type { AuditReport } from '../../report/audit/audit-report.ts';
import { isUnread } from '../../report/audit/unjudged.ts';

/** What a run does, step by step: each can fail without the others. */
export const problemSteps = ['settings', 'audit', 'history', 'policy-reports'] as const;
export type ProblemStep = (typeof problemSteps)[number];

export interface ServiceMetrics {
  readonly contentType: string;
  /** The text that Prometheus scrapes. */
  readonly text: () => Promise<string>;
  /** @param at when its run began, in milliseconds since 1970 */
  report(report: AuditReport, at: number): void;
  run(result: 'ok' | 'failed', seconds: number): void;
  problem(step: ProblemStep, is: boolean): void;
}

interface ServiceMetricsOptions {
  readonly version: string;
  readonly everyMs: number;
  /** How many namespaces get series of their own; none without it. */
  readonly namespaces?: number | undefined;
  /** Memory, event loop and garbage collection; off where many share a process in tests. */
  readonly process?: boolean;
}

/**
 * Metrics of the last report, on a registry of their own; docs/metrics.md lists them. Labels come from fixed lists and
 * the policies of the report: 200 policies are at most 800 series, and each namespace that was asked for as many again.
 */
export function createServiceMetrics({
  version,
  everyMs,
  namespaces,
  process: ofProcess = true,
}: ServiceMetricsOptions): ServiceMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
  ): Gauge<L> => new Gauge({ name: `daygate_audit_${name}`, help, labelNames, registers });
  const findings = gauge('findings', 'Findings of the last report, by what they would lead to at admission', [
    'policy',
    'action',
    ...(namespaces === undefined ? [] : (['namespace'] as const)),
  ]);
  const objects = gauge(
    'objects',
    'Objects of the last report: listed, judged, and unchanged since the one before',
    ['state'],
  );
  const incompleteKinds = gauge(
    'incomplete_kinds',
    'Kinds that could not be read, or not whole, in the last report',
  );
  const errors = gauge('errors', 'What kept the last report from being complete, or went wrong');
  const last = gauge(
    'last_run_timestamp_seconds',
    'When the run of the report that is served began, in seconds since 1970',
  );
  const duration = gauge('duration_seconds', 'How long the last run took');
  const problems = gauge('problem', '1 while a step of the runs fails', ['step']);
  const runs = new Counter({
    name: 'daygate_audit_runs_total',
    help: 'Runs, by how they ended',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['ok', 'failed']) runs.inc({ result }, 0);
  gauge('interval_seconds', 'How often a run begins').set(everyMs / 1000);
  // Nothing is known yet; that there was no run is told as one in 1970, for the alert.
  for (const unknown of [incompleteKinds, errors, duration]) unknown.remove();
  // Not daygate_build_info: by that one alerts know that admission is alive.
  gauge('build_info', '1; its labels are the versions of daygate and Node.js', ['version', 'node']).set(
    { version, node: process.version },
    1,
  );
  if (ofProcess) collectDefaultMetrics({ register: registry });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    report: (report, at) => {
      const { coverage } = report;
      findings.reset();
      for (const [key, count] of countFindings(report, namespaces))
        findings.set(JSON.parse(key) as Record<string, string>, count);
      objects.set({ state: 'listed' }, coverage.listed);
      objects.set({ state: 'judged' }, coverage.judged);
      objects.set({ state: 'unchanged' }, coverage.unchanged ?? 0);
      incompleteKinds.set(coverage.kinds.filter(({ state }) => isUnread(state)).length);
      errors.set(report.errors.length);
      last.set(at / 1000);
    },
    run: (result, seconds) => {
      runs.inc({ result });
      duration.set(seconds);
    },
    problem: (step, is) => problems.set({ step }, is ? 1 : 0),
  };
}

/** Labels as JSON → findings. The namespaces with most findings have series of their own; all others are `Other`. */
function countFindings(
  { findings }: AuditReport,
  namespaces: number | undefined,
): ReadonlyMap<string, number> {
  const named = new Set(namespaces === undefined ? [] : largestNamespaces(findings, namespaces));
  const counts = new Map<string, number>();
  for (const { policy, action, exception, object } of findings) {
    // No namespace has a capital letter in its name.
    const namespace =
      object.namespace === undefined || named.has(object.namespace) ? (object.namespace ?? '') : 'Other';
    const labels = {
      policy,
      action: exception === undefined ? action : 'excepted',
      ...(namespaces === undefined ? {} : { namespace }),
    };
    const key = JSON.stringify(labels);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function largestNamespaces(findings: AuditReport['findings'], most: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const { object } of findings)
    if (object.namespace !== undefined) counts.set(object.namespace, (counts.get(object.namespace) ?? 0) + 1);
  return [...counts]
    .sort(([a, more], [b, less]) => less - more || compareTexts(a, b))
    .slice(0, most)
    .map(([name]) => name);
}
