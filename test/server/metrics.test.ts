import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { labels, ownMetrics } from '../../scripts/generate/metrics-page.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { rejections, verdictOutcomes } from '../../src/server/outcomes.ts';
import { endReasons } from '../../src/server/workers/restarts.ts';
import { sumAsText } from '../../src/server/workers/sum-metrics.ts';
import { createSupervisorMetrics } from '../../src/server/workers/supervisor-metrics.ts';
import { recordResults } from '../../src/server/record/recorder.ts';
import { start, type Running } from './harness.ts';
import { admissionReview, badPod, pod } from './reviews.ts';

const seriesOf = (text: string): string[] => text.split('\n').filter((line) => /^[a-z]/.test(line));

/** What a server says whose policies, shipped and own, have done all that they can. */
async function everythingHappened(options: {
  readonly policies: number;
  readonly namespaces: number;
}): Promise<string> {
  const metrics = createMetrics({ version: '1.2.3', namespaces: 500 });
  const ids = policies.map(({ id }) => id);
  while (ids.length < options.policies) ids.push(`require-something-of-our-own-${ids.length}`);
  for (const id of ids) {
    for (const action of ['deny', 'warn', 'audit'] as const) metrics.finding(id, action).inc();
    for (const result of ['applied', 'dropped'] as const) metrics.fix(id, result).inc();
    for (const fault of ['time', 'memory', 'exit'] as const) metrics.sandboxFault(id, fault).inc();
    metrics.policyError(id).inc();
  }
  for (const profile of Array.from({ length: 10 }, (_, index) => `profile-${index}`))
    for (const outcome of verdictOutcomes)
      for (const operation of ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const)
        for (const dryRun of [true, false])
          metrics.profile(profile).decision(outcome, operation, dryRun).inc();
  for (const reason of rejections) metrics.rejected(reason).inc();
  for (let index = 0; index < options.namespaces; index += 1)
    for (const outcome of verdictOutcomes) metrics.namespaceDecision?.(`namespace-${index}`, outcome);
  metrics.observe('validate', 0.001);
  metrics.observe('mutate', 0.001);
  metrics.certificateExpiry('leaf', Date.now());
  metrics.certificateExpiry('ca', Date.now());
  metrics.certificateReload(false);
  metrics.settings('0123456789ab', Date.now());
  metrics.settingsReload('failed');
  metrics.suspension(() => ({ suspended: true, until: Date.now() }));
  metrics.ownPolicies(() => ids.map((id) => ({ id, quarantined: true })));
  const recorded = metrics.recorded();
  for (const result of recordResults) recorded(result);
  metrics.facts(() => [{ kind: 'Service', state: 'stale', objects: 7, ageSeconds: 99 }]);
  metrics.countConnections(() => 1);
  metrics.connectionDropped().inc();
  const supervisor = createSupervisorMetrics(
    () => 2,
    () => 1,
  );
  for (const reason of endReasons) supervisor.restarted(reason);
  return sumAsText([await metrics.snapshot(), await supervisor.snapshot()]);
}

describe('the metrics', () => {
  let text: string;
  beforeAll(async () => {
    text = await everythingHappened({ policies: 200, namespaces: 5000 });
  });

  it('are under 5,000 series with 200 policies and 5,000 namespaces seen', () => {
    const series = seriesOf(text);
    const names = new Set(series.map((line) => /policy="([^"]+)"/.exec(line)?.[1] ?? ''));
    // The empty one stands for series without a policy.
    expect(names.size).toBe(201);
    expect(series.length).toBeGreaterThan(3000);
    expect(series.length).toBeLessThan(5000);
  });

  it('name a bounded number of namespaces and count all', () => {
    const denied = seriesOf(text).filter((line) => /^daygate_namespace_decisions_total.*"denied"/.test(line));
    expect(denied).toHaveLength(501);
    expect(denied).toContain('daygate_namespace_decisions_total{namespace="Other",verdict="denied"} 4500');
  });

  it('are named as Prometheus asks', () => {
    const types = [...text.matchAll(/^# TYPE (daygate_\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
    expect(types.length).toBeGreaterThan(10);
    const problems = types.flatMap(([name = '', type = '']) => {
      const isTime = /timestamp/.test(name);
      const said = [
        /^[a-z]+(?:_[a-z]+)*$/.test(name) ? '' : 'is not in snake case',
        (type === 'counter') === name.endsWith('_total') ? '' : 'ends with _total when it is a counter',
        /_(?:counter|gauge|histogram|summary|metric|count|sum|bucket)(?:_|$)/.test(name)
          ? 'names its type'
          : '',
        /(?:milli|micro|nano)seconds|minutes|hours|days|kilobytes|megabytes|percent/.test(name)
          ? 'is in no base unit'
          : '',
        /duration|latency|age/.test(name) && !name.endsWith('_seconds') ? 'has no unit' : '',
        isTime && !name.endsWith('_timestamp_seconds') ? 'has no unit' : '',
        /expiry/.test(name) && !isTime ? 'is a moment and does not say so' : '',
        new RegExp(`^# HELP ${name} [A-Z0-9].{10,119}[^.]$`, 'm').test(text) ? '' : 'has no fitting HELP',
      ];
      return said.filter(Boolean).map((problem) => `${name} ${problem}`);
    });
    expect(problems).toEqual([]);
    const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label));
    expect([...labels].filter((label) => !/^[a-z]+(?:_[a-z]+)*$/.test(label ?? ''))).toEqual([]);
  });

  it('are all in docs/metrics.md, with the labels they have', async () => {
    const own = await ownMetrics();
    expect(own.map(({ name }) => name)).toEqual(Object.keys(labels));
    const named = Object.fromEntries(
      own.map(({ name }) => {
        const line = text.split('\n').find((one) => one.startsWith(name)) ?? '';
        return [
          name,
          [...line.matchAll(/[{,](\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le'),
        ];
      }),
    );
    expect(named).toEqual(labels);
  });

  it('have buckets from a tenth of a millisecond to beyond the usual 5 s', () => {
    const bounds = [...text.matchAll(/duration_seconds_bucket\{le="([^"+]+)",webhook="validate"/g)];
    const seconds = bounds.map(([, bound]) => Number(bound));
    expect(seconds[0]).toBe(0.0001);
    expect(seconds.filter((bound) => bound >= 5)).toEqual([5, 10]);
    const steps = seconds.slice(1).map((bound, index) => bound / (seconds[index] ?? bound));
    expect(Math.max(...steps)).toBeLessThanOrEqual(2.5);
  });
});

describe('a server that counts namespaces', () => {
  let server: Running;
  beforeAll(async () => {
    server = await start({ metricsNamespaces: 2 });
  });
  afterAll(() => server.end());

  it('counts what it says something about, under names of namespaces alone', async () => {
    const canary = ['ghp', 'x7Kq2mVw9RtLp4Zs8Yb1Nc6Df3Gh5Jk0Aa2B'].join('_');
    const review = (namespace: string, object = badPod(), more = {}): Promise<unknown> =>
      server.judged(admissionReview({ namespace, object, ...more }));
    await review('clean', pod());
    await review('tried', badPod(), { dryRun: true });
    for (const namespace of ['shop', 'shop', canary, 'UPPER{"', 'team-a', 'team-b']) await review(namespace);
    const { text } = await server.call('/metrics');
    expect(seriesOf(text).filter((line) => line.startsWith('daygate_namespace'))).toEqual([
      'daygate_namespace_decisions_total{namespace="shop",verdict="denied"} 2',
      'daygate_namespace_decisions_total{namespace="Other",verdict="denied"} 3',
      'daygate_namespace_decisions_total{namespace="team-a",verdict="denied"} 1',
    ]);
    expect(text).not.toContain(canary);
  });

  it('has no such series unless it was asked for', async () => {
    const other = await start();
    await other.judged(admissionReview({ object: badPod() }));
    const { text } = await other.call('/metrics');
    await other.end();
    expect(text).not.toContain('namespace');
  });

  it('counts the failures of every policy in force from 0 on', async () => {
    const { text } = await server.call('/metrics');
    expect(text).toContain('daygate_policy_errors_total{policy="require-memory"} 0');
  });
});
