import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Action } from '#sdk';
import type { Entry } from '../engine/compiled.ts';
import { addDroppedLines, addFacts, addGauge, addOwnPolicies, addSuspension } from './asked-metrics.ts';
import { profileMetrics, type Count, type ProfileMetrics } from './decision-counts.ts';
import type { FactsOfKind } from './facts-source.ts';
import { dropSeries, remembered } from './kept-series.ts';
import { namespaceCounter, type NamespaceCounter } from './namespace-counter.ts';
import { rejections, type Rejection } from './outcomes.ts';
import { recordResults, type RecordResult } from './record/recorder.ts';
import type { OwnPolicy } from './sandbox/quarantine.ts';
import type { SuspensionState } from './suspension.ts';
import { snapshotOf, type MetricsSnapshot } from './workers/sum-metrics.ts';

export type Webhook = 'validate' | 'mutate';
type FixResultLabel = 'applied' | 'dropped';
type SandboxFaultLabel = 'time' | 'memory' | 'exit';
type CertificateLabel = 'ca' | 'leaf';

export interface Metrics {
  readonly contentType: string;
  /** The text that Prometheus scrapes. */
  readonly text: () => Promise<string>;
  /** The same in a form that can be added up with that of other processes. */
  readonly snapshot: () => Promise<MetricsSnapshot>;
  profile(name: string): ProfileMetrics;
  /** Counts by namespace; undefined where nobody asked for it. */
  readonly namespaceDecision: NamespaceCounter | undefined;
  finding(policy: string, action: Entry['action']): Count;
  policyError(policy: string): Count;
  /** A policy that cost the sandbox its process. */
  sandboxFault(policy: string, fault: SandboxFaultLabel): Count;
  /** Where to ask which policies are left out for now. */
  ownPolicies(policies: () => readonly OwnPolicy[]): void;
  fix(policy: string, result: FixResultLabel): Count;
  rejected(reason: Rejection): Count;
  observe(webhook: Webhook, seconds: number): void;
  certificateExpiry(certificate: CertificateLabel, notAfter: number | undefined): void;
  certificateReload(worked: boolean): void;
  /** What is in force, and since when, in milliseconds since 1970. */
  settings(digest: string, loadedAt: number): void;
  /** What became of settings that have changed on the disk; `healed` ends what `failed` began. */
  settingsReload(result: 'ok' | 'failed' | 'healed'): void;
  /** Drops the series of all other profiles and policies, so that reloaded settings leave none behind. */
  keep(names: KeptNames): Promise<void>;
  /** Says where to ask whether enforcement is suspended. */
  suspension(state: () => SuspensionState | undefined): void;
  /** Reviews that could have been recorded, where reviews are recorded. */
  recorded(): (result: RecordResult) => void;
  connectionDropped(): Count;
  /** Where to ask what is known of other objects. */
  facts(kinds: () => readonly FactsOfKind[]): void;
  /** Where to ask how many connections are open. */
  countConnections(count: () => number): void;
}

interface KeptNames {
  readonly profiles: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
}

interface MetricsOptions {
  readonly version?: string;
  /** Memory, event loop and garbage collection of the process; off where many servers share one in tests. */
  readonly process?: boolean;
  /** How many namespaces get series of their own; none without it. */
  readonly namespaces?: number | undefined;
  /** How many lines of the log were dropped so far. */
  readonly droppedLines?: () => number;
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
    'min',
  );
  const settings = gauge(
    'settings_info',
    '1; its label is the digest of the settings and policies in force',
    ['digest'],
  );
  const settingsReloads = counter('settings_reloads_total', 'Times the settings or policies changed', [
    'result',
  ]);
  const settingsFailed = gauge(
    'settings_reload_failed',
    '1 while the settings or policies on the disk cannot be used',
    [],
  );
  const settingsLoaded = gauge(
    'settings_loaded_timestamp_seconds',
    'When the settings in force were loaded, in seconds since 1970',
    [],
    'min',
  );
  const dropped = counter('connections_dropped_total', 'Connections closed because too many were open', []);
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
  addDroppedLines(registry, droppedLines);
  for (const reason of rejections) rejected.inc({ reason }, 0);
  for (const result of ['ok', 'failed']) reloads.inc({ result }, 0);
  reloadFailed.set(0);
  for (const result of ['ok', 'failed']) settingsReloads.inc({ result }, 0);
  settingsFailed.set(0);
  if (ofProcess) collectDefaultMetrics({ register: registry });
  // From 0 on: that no review ever came is what an alert has to see.
  for (const webhook of ['validate', 'mutate']) duration.zero({ webhook });
  const durations = { validate: duration.labels('validate'), mutate: duration.labels('mutate') };
  const profile = remembered((name) =>
    profileMetrics((labels) => decisions.labels({ profile: name, ...labels })),
  );
  const finding = remembered((key: string) => {
    const [policy = '', action = ''] = key.split(' ');
    return findings.labels(policy, action);
  });
  const policyError = remembered((policy) => {
    // From 0 on, so that the first failure is an increase that can be alerted on.
    errors.inc({ policy }, 0);
    return errors.labels(policy);
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    snapshot: () => snapshotOf(registry),
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
    policyError,
    sandboxFault: (policy, fault) => faults.labels(policy, fault),
    ownPolicies: (policies) => addOwnPolicies(registry, policies),
    fix: (policy, result) => fixes.labels(policy, result),
    rejected: (reason) => rejected.labels(reason),
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
    countConnections: (count) => addGauge(registry, 'connections', 'Open connections', count),
    settings: (digest, loadedAt) => {
      settings.reset();
      settings.set({ digest }, 1);
      settingsLoaded.set(Math.floor(loadedAt / 1000));
    },
    settingsReload: (result) => {
      if (result !== 'healed') settingsReloads.inc({ result });
      settingsFailed.set(result === 'failed' ? 1 : 0);
    },
    keep: async ({ profiles, policies }) => {
      profile.forget((name) => !profiles.has(name));
      finding.forget((key) => !policies.has(key.split(' ', 1)[0] ?? ''));
      policyError.forget((policy) => !policies.has(policy));
      const ofPolicies = [findings, errors, faults, fixes];
      await Promise.all([
        dropSeries(decisions, 'profile', profiles),
        ...ofPolicies.map((metric) => dropSeries(metric, 'policy', policies)),
      ]);
    },
    suspension: (state) => addSuspension(registry, state),
    facts: (kinds) => addFacts(registry, kinds),
    recorded: () => {
      const results = counter('record_reviews_total', 'Answered reviews, by what --record did with them', [
        'result',
      ]);
      for (const result of recordResults) results.inc({ result }, 0);
      return (result) => results.inc({ result });
    },
  };
}
