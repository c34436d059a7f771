import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Action, Operation } from '#sdk';
import type { Entry } from '../engine/compile.ts';
import { namespaceCounter, type NamespaceCounter } from './namespace-counter.ts';
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
  text(): Promise<string>;
  profile(name: string): ProfileMetrics;
  /** Counts by namespace; undefined where nobody asked for it. */
  readonly namespaceDecision: NamespaceCounter | undefined;
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
}

interface MetricsOptions {
  readonly version?: string;
  /** Memory, event loop and garbage collection of the process; off where many servers share one in tests. */
  readonly process?: boolean;
  /** How many namespaces get series of their own; none without it. */
  readonly namespaces?: number | undefined;
}

// A review takes 20 µs to a millisecond, 5 s is the usual time-out and 30 s the longest: from a tenth of a
// millisecond in steps of 2.5 and 2 up to 10 s.
const buckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/**
 * Metrics of one server, on a registry of their own; docs/metrics.md lists them. Labels come from fixed lists:
 * outcomes, operations, the profiles and policies of the settings. 200 policies that have done all they can are
 * about 2,500 series, and 500 namespaces on request 1,500 more; names of objects and users are in the log, never here.
 */
export function createMetrics({
  version = 'unknown',
  process: ofProcess = true,
  namespaces,
}: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name: `daygate_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name: `daygate_${name}`, help, labelNames, registers });
  const decisions = counter('decisions_total', 'Reviews answered with a verdict', [
    'profile',
    'verdict',
    'operation',
    'dry_run',
  ]);
  const findings = counter('findings_total', 'Findings by what became of them, without dry runs', [
    'policy',
    'action',
  ]);
  const errors = counter('policy_errors_total', 'Reviews on which a policy failed', ['policy']);
  const faults = counter('sandbox_faults_total', 'Times a policy of your own cost the sandbox its process', [
    'policy',
    'fault',
  ]);
  const quarantined = gauge('policy_quarantined', '1 while a policy of your own is not run', ['policy']);
  const fixes = counter(
    'fixes_total',
    'Fixes sent as patches (applied) or left out because they do not resolve their finding (dropped)',
    ['policy', 'result'],
  );
  const rejected = counter('rejected_requests_total', 'Calls that got no verdict', ['reason']);
  const reloads = counter('certificate_reloads_total', 'Times the certificate files changed', ['result']);
  const reloadFailed = gauge('certificate_reload_failed', '1 while the certificate files cannot be used', []);
  const expiry = gauge(
    'certificate_expiry_timestamp_seconds',
    'When the certificate or its CA ends, in seconds since 1970',
    ['certificate'],
  );
  const settings = gauge(
    'settings_info',
    '1; its label is the digest of the settings and policies in force',
    ['digest'],
  );
  const duration = new Histogram({
    name: 'daygate_review_duration_seconds',
    help: 'From the arrival of a call to its verdict',
    labelNames: ['webhook'],
    buckets,
    registers,
  });
  gauge('build_info', '1; its labels are the versions of daygate and Node.js', ['version', 'node']).set(
    { version, node: process.version },
    1,
  );
  for (const reason of rejections) rejected.inc({ reason }, 0);
  for (const result of ['ok', 'failed']) reloads.inc({ result }, 0);
  reloadFailed.set(0);
  if (ofProcess) collectDefaultMetrics({ register: registry });
  // From 0 on: that no review ever came is what an alert has to see.
  for (const webhook of ['validate', 'mutate']) duration.zero({ webhook });
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
    profile,
    namespaceDecision:
      namespaces === undefined
        ? undefined
        : namespaceCounter(
            counter('namespace_decisions_total', 'Reviews by namespace, without dry runs', [
              'namespace',
              'verdict',
            ]),
            namespaces,
          ),
    finding: (policy: string, action: Action) => finding(`${policy} ${action}`),
    policyError: remembered((policy) => {
      // From 0 on, so that the first failure is an increase that can be alerted on.
      errors.inc({ policy }, 0);
      return errors.labels(policy);
    }),
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
    settings: (digest) => {
      settings.reset();
      settings.set({ digest }, 1);
    },
  };
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
