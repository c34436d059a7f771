import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '#sdk';
import { policies } from '../../policies/index.ts';
import { parseAuditReport } from '../../src/audit/read-report.ts';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { auditJson } from '../../src/report/audit/json.ts';
import { auditOf, clusterOf, object, pod, workload } from './audit-of.ts';

const deployment = workload('Deployment', 'web');
const replicaSet = workload('ReplicaSet', 'web-1', deployment);
const pods = [pod('web-1-a', replicaSet), pod('web-1-b', replicaSet)];
const all = [deployment, replicaSet, ...pods];

/** Without those whose verdicts change with other objects: where these change, everything is judged again. */
const library = policies.filter(
  ({ facts, optionalFacts }) => facts === undefined && optionalFacts === undefined,
);

/** The cluster, but that nobody may list one resource. */
function without(cluster: Cluster, resource: string): Cluster {
  return {
    ...cluster,
    list: (of, options) =>
      of.resource === resource
        ? Promise.reject(new ClusterError(`not allowed to list ${resource} (403)`, 403))
        : cluster.list(of, options),
  };
}

describe('an audit since another', () => {
  it('judges nothing of a cluster that is the same, and says the same', async () => {
    const { report: since } = await auditOf(all);
    const { report } = await auditOf(all, { since });
    expect(report.coverage).toMatchObject({ judged: 0, unchanged: 4 });
    expect(report.findings).toEqual(since.findings);
    expect(report.objects).toEqual(since.objects);
    expect(report.seen).toEqual(since.seen);
  });

  it('says of exceptions what they cover on objects that are the same, too', async () => {
    const exception = {
      ...{ policies: ['forbid-latest-tag'], match: { name: 'web' } },
      ...{ owner: 'team', reason: 'test', expires: '2026-12-31' },
    };
    const settings = JSON.stringify({ exceptions: [exception] });
    const { report: before } = await auditOf(all, { settings });
    const since = parseAuditReport([...auditJson(before)].join(''), 'since');
    const { report } = await auditOf(all, { settings, since });
    expect(report.coverage).toMatchObject({ judged: 0, unchanged: 4 });
    expect(report.exceptions).toEqual(before.exceptions);
    expect(report.exceptions).toMatchObject([{ findings: 1 }]);
  });

  it('judges pods by themselves once their owner is gone', async () => {
    const { report: since } = await auditOf(all, { library });
    const left = [...pods, workload('ReplicaSet', 'other')];
    const { report, notSince } = await auditOf(left, { library, since });
    expect(notSince).toBeUndefined();
    expect(report.findings.map(({ object: { name } }) => name)).toContain('web-1-a');
    expect(report.findings).toEqual((await auditOf(left, { library })).report.findings);
  });

  it('goes by the owner that it could not read then', async () => {
    const cluster = without(clusterOf(all), 'replicasets');
    const { report: since } = await auditOf([], { library, cluster });
    const { report, notSince } = await auditOf(all, { library, since });
    expect(notSince).toBeUndefined();
    expect(report.findings).toEqual((await auditOf(all, { library })).report.findings);
  });

  it('goes by the labels that a namespace has by now', async () => {
    const named = (team: string) => ({
      ...object('v1', 'Namespace', 'shop'),
      metadata: { name: 'shop', uid: 'shop', resourceVersion: team, labels: { team } },
    });
    const { report: since } = await auditOf([named('red'), ...all], { library });
    const { report, notSince } = await auditOf([named('blue'), ...all], { library, since });
    expect(notSince).toBeUndefined();
    const anew = await auditOf([named('blue'), ...all], { library });
    expect(report.objects).toEqual(anew.report.objects);
  });

  it('forgets neither faults nor gaps', async () => {
    const faulty = definePolicy({
      ...{ id: 'acme-faulty', category: 'operations', title: 'Fail', severity: 'low', target: 'object' },
      ...{ kinds: ['Deployment'], profiles: { production: 'deny' }, messages: { found: 'Found.' } },
      ...{ why: 'To see what becomes of it.', remediation: 'Mend it.', references: ['https://example.com/'] },
      params: z.strictObject({}),
      validate: () => {
        throw new Error('broken');
      },
    });
    const { report: since } = await auditOf(all, { library: [faulty] });
    expect(since.errors).toHaveLength(1);
    const { report } = await auditOf(all, { library: [faulty], since });
    expect(report.errors).toEqual(since.errors);

    const cluster = without(
      clusterOf([...all, object('policy/v1', 'PodDisruptionBudget', 'web')]),
      'poddisruptionbudgets',
    );
    const before = await auditOf([], { cluster });
    expect(before.report.skipped).not.toEqual([]);
    const after = await auditOf([], { cluster, since: before.report });
    expect(after.report.skipped).toEqual(before.report.skipped);
  });
});

it('of a shard without a namespace is no fault', async () => {
  const shards = await Promise.all(
    Array.from({ length: 4 }, (_, index) => auditOf(all, { shard: { index, of: 4 } })),
  );
  expect(shards.flatMap(({ report }) => report.errors)).toEqual([]);
  const counts = shards.map(({ report: { coverage } }) => [coverage.listed, coverage.judged]);
  expect(counts.filter(([listed = 0]) => listed > 0)).toEqual([[4, 4]]);
});
