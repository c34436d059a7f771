import { describe, expect, it } from 'vitest';
import { policyReports } from '../../src/report/audit/policy-report.ts';
import type { PolicyReport } from '../../src/report/audit/policy-report-object.ts';
import type { AuditFinding, AuditReport } from '../../src/report/audit/audit-report.ts';
import { policyReportProblems } from './policy-report-schema.ts';
import { audit, auditFinding, cleanAudit, hostileAudit, mergedAudit, mixedAudit } from './sample-audits.ts';
import { partialAudit, renderSample } from './sample-audits.ts';

function listed(report: AuditReport): readonly PolicyReport[] {
  return (JSON.parse(renderSample('policyreport', report)) as { items: PolicyReport[] }).items;
}

const total = ({ summary }: PolicyReport): number =>
  Object.values(summary).reduce((sum, number) => sum + number);
const caps = { results: 1_000, bytes: 1_000_000, objects: 1_000 };

/** So many findings in each of the namespaces; the last of them are denials, the others warnings. */
function many(perNamespace: number, namespaces: readonly string[], denials = 1): AuditReport {
  return audit(
    namespaces.flatMap((namespace) =>
      Array.from({ length: perNamespace }, (_, index) =>
        auditFinding({
          object: { apiVersion: 'v1', kind: 'Pod', namespace, name: `pod-${index}` },
          action: index < perNamespace - denials ? 'warn' : 'deny',
          message: `Gefäß ${index} 😀 has no memory limit.`,
        }),
      ),
    ),
  );
}

describe('PolicyReports', () => {
  it.each([
    ['mixed', mixedAudit],
    ['clean', cleanAudit],
    ['partial', partialAudit],
    ['merged', mergedAudit],
    ['hostile', hostileAudit],
    ['overfull', many(1_200, ['a', 'b'])],
  ])('fit the schema: %s', (_, report) => {
    const items = listed(report);
    expect(items.length).toBeGreaterThan(1);
    for (const item of items) expect(policyReportProblems(item)).toEqual([]);
  });

  it('are held against a schema that objects', () => {
    const [item] = listed(cleanAudit);
    expect(policyReportProblems({ ...item, note: 'x' })).not.toEqual([]);
    expect(policyReportProblems({ ...item, results: [{ policy: 'x', result: 'denied' }] })).not.toEqual([]);
  });

  it('have one object for each namespace, and one for what is in none', () => {
    const items = listed(mixedAudit);
    expect(items.map(({ kind, metadata, summary }) => [kind, metadata.namespace, summary])).toEqual([
      ['ClusterPolicyReport', undefined, { pass: 0, fail: 1, warn: 0, error: 0, skip: 1 }],
      ['PolicyReport', 'shop', { pass: 0, fail: 2, warn: 1, error: 0, skip: 2 }],
    ]);
    expect(items[1]?.metadata).toMatchObject({
      name: 'daygate',
      labels: { 'app.kubernetes.io/managed-by': 'daygate' },
    });
    expect(items[1]?.results[0]).toEqual({
      source: 'daygate',
      policy: 'require-memory-limit',
      rule: 'missing',
      category: 'resources',
      severity: 'high',
      result: 'fail',
      scored: true,
      message: 'app has no memory limit. Set resources.limits.memory, for example 256Mi.',
      timestamp: { seconds: Date.UTC(2026, 10, 21) / 1000, nanos: 0 },
      resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' }],
      properties: {
        standing: 'deny',
        locator: 'spec.template.spec.containers[app].resources.limits.memory',
        team: 'checkout',
        note: 'in 4 of its Pods: web-1, web-2, web-3 and 1 more',
      },
    });
  });

  it('replace what an earlier run said of a namespace that is clean now, and say nothing of exempt ones', () => {
    const [shop] = cleanAudit.namespaces;
    if (shop === undefined) throw new Error('a sample without a namespace');
    const exempt = { ...shop, name: 'kube-system', exempt: true as const };
    const items = listed({ ...cleanAudit, namespaces: [shop, exempt] });
    expect(items.map(({ metadata, results }) => [metadata.namespace, results.length])).toEqual([
      [undefined, 0],
      ['shop', 0],
    ]);
  });

  it('say what could not be judged', () => {
    const [cluster] = listed(partialAudit);
    expect(cluster?.results.map(({ result, rule, message }) => `${result} ${rule} ${message}`)).toEqual([
      'error forbidden cannot list Secret: the account may not',
      'skip not-judged Not judged: Secret may not be listed',
      'skip not-judged Not judged: NetworkPolicy.networking.k8s.io could not be listed',
      'skip not-judged Not judged: Widget.example.com was removed from the cluster in the meantime',
    ]);
  });

  it('keep the gravest where there are too many, and say how many are left out', () => {
    const [, report] = policyReports(many(50, ['a'], 3), { ...caps, results: 10 });
    expect(report?.results).toHaveLength(10);
    expect(report?.results.map(({ resources }) => resources?.[0]?.name)).toEqual([
      ...['pod-0', 'pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-5', 'pod-47', 'pod-48', 'pod-49', undefined],
    ]);
    expect(report?.results.at(-1)).toMatchObject({
      result: 'skip',
      rule: 'left-out',
      message: '41 more results had no room here, none graver. The other formats have them all.',
    });
    expect(report?.metadata.annotations['daygate.dev/left-out']).toBe('41');
    expect(report?.summary).toEqual({ pass: 0, fail: 3, warn: 47, error: 0, skip: 0 });
    const [, exact] = policyReports(many(10, ['a']), { ...caps, results: 10 });
    expect(exact?.results.map(({ rule }) => rule)).not.toContain('left-out');
  });

  it.each([3_000, 20_000, 100_000])('stay below %i bytes, and use them', (bytes) => {
    const [, report] = policyReports(many(500, ['a']), { ...caps, bytes });
    const size = Buffer.byteLength(JSON.stringify(report));
    expect(size).toBeLessThanOrEqual(bytes);
    expect(size).toBeGreaterThan(bytes - 1_000);
    expect(total(report ?? cleanSlate)).toBe(500);
    expect(report?.results.at(-1)?.message).toContain(`${501 - (report?.results.length ?? 0)} more results`);
  });

  it('count characters as Go writes them', () => {
    const { findings } = many(500, ['a']);
    const [, report] = policyReports(
      audit(findings.map((finding) => ({ ...finding, message: '<&>'.repeat(30) }))),
      { ...caps, bytes: 50_000 },
    );
    const size = JSON.stringify(report).replace(/[<>&]/g, '\\u003c').length;
    expect(size).toBeLessThanOrEqual(50_000);
    expect(size).toBeGreaterThan(48_000);
  });

  it('name the namespaces that had no room, which are those with the fewest failures', () => {
    const [first, ...others] = policyReports(
      audit([...many(3, ['a', 'c']).findings, ...many(9, ['b', 'd'], 5).findings]),
      { ...caps, objects: 2 },
    );
    expect(others.map(({ metadata }) => metadata.namespace)).toEqual(['b', 'd']);
    expect(first?.results.map(({ message }) => message)).toEqual([
      '3 namespaces with 6 findings had no room for a PolicyReport: a, c, shop. The other formats have them all.',
    ]);
  });

  it('count what is to be summed up, and say of what is left out how much it is', () => {
    const pod = (index: number) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: `pod-${index}` });
    const of = (policy: string, policyReport?: 'summary' | 'none', changes: Partial<AuditFinding> = {}) =>
      [0, 0, 1].map((index) =>
        auditFinding({
          object: pod(index),
          policy,
          ...(policyReport === undefined ? {} : { policyReport }),
          ...changes,
        }),
      );
    const report = audit([
      ...of('require-probes', 'summary', { action: 'warn' }),
      ...of('require-probes', 'summary'),
      ...of('require-owner', 'none'),
      ...of('forbid-latest-tag'),
    ]);
    const [cluster, a] = policyReports(report);
    expect(a?.summary).toEqual({ pass: 0, fail: 6, warn: 3, error: 0, skip: 0 });
    expect(a?.metadata.annotations['daygate.dev/not-reported']).toBe('3');
    const brief =
      '3 findings on 2 objects, as policyReport is summary in the settings. The other formats have them all.';
    expect(a?.results.map(({ policy, rule, result }) => [policy, rule, result])).toEqual([
      ['forbid-latest-tag', 'missing', 'fail'],
      ['forbid-latest-tag', 'missing', 'fail'],
      ['forbid-latest-tag', 'missing', 'fail'],
      ['require-probes', 'summary', 'warn'],
      ['require-probes', 'summary', 'fail'],
    ]);
    expect(a?.results.slice(3).map(({ message, resources }) => [message, resources])).toEqual([
      [brief, undefined],
      [brief, undefined],
    ]);
    expect(cluster?.results.map(({ result, rule, message }) => `${result} ${rule} ${message}`)).toEqual([
      'skip not-reported 3 findings of require-owner left out of PolicyReports, as policyReport is none in the settings. The other formats have them all.',
    ]);
    for (const item of listed(report)) expect(policyReportProblems(item)).toEqual([]);
    // Every other format has each of them.
    expect(renderSample('csv', report).match(/require-owner/g)).toHaveLength(3);
  });

  it('fit into what kubectl apply remembers, where they are printed', () => {
    for (const item of listed(many(1_500, ['a']))) {
      expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThanOrEqual(240 * 1024);
    }
  });

  it('of several clusters have names of their own', () => {
    const clusters = ['East', 'east', 'arn:aws:eks:eu-west-1:12:cluster/west'];
    const items = listed(audit(clusters.map((cluster) => auditFinding({ cluster }))));
    expect(items.map(({ metadata }) => [metadata.name, metadata.annotations['daygate.dev/cluster']])).toEqual(
      [
        ['daygate-east', 'East'],
        ['daygate-arn-aws-eks-eu-west-1-12-cluster-west', 'arn:aws:eks:eu-west-1:12:cluster/west'],
        ['daygate-east-2', 'east'],
      ].flatMap((names) => [names, names]),
    );
    expect(items.map(total)).toEqual([0, 1, 0, 1, 0, 1]);
  });
});

const cleanSlate = { ...policyReports(cleanAudit)[0], summary: {} } as unknown as PolicyReport;
