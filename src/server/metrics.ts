import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Action, Operation } from '#sdk';
import type { Entry } from '../engine/compile.ts';
import type { MetricsSnapshot } from './workers/sum-metrics.ts';
import { rejections, verdictOutcomes, type Rejection, type VerdictOutcome } from './outcomes.ts';

export type Webhook = 'validate' | 'mutate';
type FixResultLabel = 'applied' | 'dropped';
type SandboxFaultLabel = 'time' | 'memory' | 'exit';
type CertificateLabel = 'ca' | 'leaf';

/** A counter whose labels are chosen already, so that counting looks nothing up. */
interface Count {
  inc(value?: number): void;
}

/** The counters of one profile. */
export interface ProfileMetrics {
  decision(outcome: VerdictOutcome, operation: Operation, dryRun: boolean): Count;
}

export interface Metrics {
  readonly contentType: string;
  /** The text that Prometheus scrapes. */
  readonly text: () => Promise<string>;
  /** The same in a form that can be added up with that of other processes. */
  readonly snapshot: () => Promise<MetricsSnapshot>;
  profile(name: string): ProfileMetrics;
  finding(policy: string, action: Entry['action']): Count;
  policyError(policy: string): Count;
  /** A policy that cost the sandbox its process. */
  sandboxFault(policy: string, fault: SandboxFaultLabel): Count;
  quarantined(policy: string, held: boolean): void;
  fix(policy: string, result: FixResultLabel): Count;
  rejected(reason: Rejection): Count;
  observe(webhook: Webhook, seconds: number): void;
  certificateExpiry(certificate: CertificateLabel, notAfter: number | undefined): void;
  certificateReload(worked: boolean): void;
  settings(digest: string): void;
  connectionDropped(): Count;
  /** Where to ask how many connections are open. */
  countConnections(count: () => number): void;
}

interface MetricsOptions {
  readonly version?: string;
  /** Memory, event loop and garbage collection of the process; off where many servers share one in tests. */
  readonly process?: boolean;
  /** How many lines of the log were dropped so far. */
  readonly droppedLines?: () => number;
}

// A review takes 20 µs to a millisecond, 5 s is the usual time-out and 30 s the longest: from a tenth of a
// millisecond in steps of 2.5 and 2 up to 10 s.
const buckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/**
 * Metrics of one server, on a registry of their own. Labels come from fixed lists: outcomes, operations, the
 * profiles and policies of the settings. With 130 policies, 3 actions and 3 profiles these are under 1,000
 * series; names of objects, namespaces and users are in the log, never here.
 */
export function createMetrics({
  version = 'unknown',
  process: ofProcess = true,
  droppedLines = () => 0,
}: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name: `daygate_${name}`, help, labelNames, registers });
  // Of several workers, the one that is worst off speaks for all.
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    aggregator: 'max' | 'min' = 'max',
  ): Gauge<L> => new Gauge({ name: `daygate_${name}`, help, labelNames, registers, aggregator });
  const decisions = counter('decisions_total', 'Answered reviews; dry runs have a label of their own', [
    'profile',
    'verdict',
    'operation',
    'dry_run',
  ]);
  const findings = counter('findings_total', 'Findings by what they led to, without dry runs', [
    'policy',
    'action',
  ]);
  const errors = counter('policy_errors_total', 'Reviews on which a policy failed', ['policy']);
  const faults = counter('sandbox_faults_total', 'Times a policy of your own cost the sandbox its process', [
    'policy',
    'fault',
  ]);
  const quarantined = gauge('policy_quarantined', '1 while a policy of your own is not run', ['policy']);
  const fixes = counter('fixes_total', 'Fixes sent as patches, and fixes left out', ['policy', 'result']);
  const rejected = counter('rejected_requests_total', 'Calls that got no verdict', ['reason']);
  const reloads = counter('certificate_reloads_total', 'Times the certificate files changed', ['result']);
  const reloadFailed = gauge('certificate_reload_failed', '1 while the files on disk cannot be used', []);
  const expiry = gauge(
    'certificate_expiry_seconds',
    'When it ends, in seconds since 1970',
    ['certificate'],
    'min',
  );
  const settings = gauge('settings_info', 'Digest of the settings and policies in force', ['digest']);
  const dropped = counter('connections_dropped_total', 'Connections closed because too many were open', []);
  const duration = new Histogram({
    name: 'daygate_review_duration_seconds',
    help: 'From the arrival of a call to its answer',
    labelNames: ['webhook'],
    buckets,
    registers,
  });
  gauge('build_info', 'Version of daygate and Node', ['version', 'node']).set(
    { version, node: process.version },
    1,
  );
  addDroppedLines(registry, droppedLines);
  for (const reason of rejections) rejected.inc({ reason }, 0);
  for (const result of ['ok', 'failed']) reloads.inc({ result }, 0);
  reloadFailed.set(0);
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const durations = { validate: duration.labels('validate'), mutate: duration.labels('mutate') };
  const rejectionCounts = new Map(rejections.map((reason) => [reason, rejected.labels(reason)]));
  const profile = remembered((name: string): ProfileMetrics => {
    const counts = decisionCounts((labels) => decisions.labels({ profile: name, ...labels }));
    return { decision: (outcome, operation, dryRun) => counts[outcome][operation][dryRun ? 'yes' : 'no'] };
  });
  const finding = remembered((key: string) => {
    const [policy = '', action = ''] = key.split(' ');
    return findings.labels(policy, action);
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    snapshot: async () => (await registry.getMetricsAsJSON()) as unknown as MetricsSnapshot,
    profile,
    finding: (policy: string, action: Action) => finding(`${policy} ${action}`),
    policyError: remembered((policy) => errors.labels(policy)),
    sandboxFault: (policy, fault) => faults.labels(policy, fault),
    quarantined: (policy, held) => quarantined.set({ policy }, held ? 1 : 0),
    fix: (policy, result) => fixes.labels(policy, result),
    rejected: (reason) => rejectionCounts.get(reason) ?? rejected.labels(reason),
    observe: (webhook, seconds) => durations[webhook].observe(seconds),
    certificateExpiry: (certificate, notAfter) => {
      if (notAfter === undefined) expiry.remove(certificate);
      else expiry.set({ certificate }, Math.floor(notAfter / 1000));
    },
    certificateReload: (worked) => {
      reloads.inc({ result: worked ? 'ok' : 'failed' });
      reloadFailed.set(worked ? 0 : 1);
    },
    connectionDropped: () => dropped,
    countConnections: (count) => {
      new Gauge({
        name: 'daygate_connections',
        help: 'Open connections',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
    settings: (digest) => {
      settings.reset();
      settings.set({ digest }, 1);
    },
  };
}

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

const operations = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;

type DecisionCounts = Record<VerdictOutcome, Record<Operation, Record<'yes' | 'no', Count>>>;
interface DecisionLabels {
  readonly verdict: string;
  readonly operation: string;
  readonly dry_run: string;
}

/** All counters of a profile at once: 5 verdicts × 4 operations × 2. */
function decisionCounts(count: (labels: DecisionLabels) => Count): DecisionCounts {
  const table = <K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> =>
    Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
  return table(verdictOutcomes, (verdict) =>
    table(operations, (operation) =>
      table(['yes', 'no'], (dry_run) => count({ verdict, operation, dry_run })),
    ),
  );
}

/** Makes a value for each key once. Only for keys from fixed lists: what is made is never dropped. */
function remembered<V>(make: (key: string) => V): (key: string) => V {
  const made = new Map<string, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
