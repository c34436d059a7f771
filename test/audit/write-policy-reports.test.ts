/** Against a fake of the API server that keeps PolicyReports as the real one does. */
import { describe, expect, it } from 'vitest';
import { writePolicyReports } from '../../src/audit/write-policy-reports.ts';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import type { ApiObject, Cluster } from '../../src/cluster/cluster.ts';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { policyReports } from '../../src/report/audit/policy-report.ts';
import { auditOf, workload } from './audit-of.ts';
import { audit, auditFinding } from '../report/sample-audits.ts';

const pace = { turn: () => Promise.resolve(), calls: () => 0 };

interface Stored {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Objects by path: `policyreports/shop/daygate`. */
function fakeCluster(objects: Map<string, Stored>, calls: string[] = []): Cluster {
  const unused = (): never => {
    throw new Error('no test asks for it here');
  };
  const at = (of: { resource: string; namespace?: string }, name: string): string =>
    [of.resource, of.namespace ?? '', name].join('/');
  return {
    server: 'https://api.example.com',
    ...{ get: unused, read: unused, watch: unused },
    list: ({ resource }, { limit = 500, continue: token = '0', labelSelector } = {}) => {
      expect(labelSelector).toBe('app.kubernetes.io/managed-by=daygate');
      const all = [...objects].filter(
        ([path, { metadata }]) =>
          path.startsWith(`${resource}/`) && metadata.labels?.['app.kubernetes.io/managed-by'] === 'daygate',
      );
      const page = all.slice(Number(token), Number(token) + limit);
      const items = page.map(([path, { metadata }]) => {
        const [, namespace = ''] = path.split('/');
        return { metadata: { ...metadata, ...(namespace === '' ? {} : { namespace }) } };
      });
      const next = Number(token) + limit;
      return Promise.resolve({ items, metadata: { continue: next < all.length ? String(next) : '' } });
    },
    create: (place, object) => {
      const path = at(place, 'daygate');
      calls.push(`create ${path}`);
      if (place.namespace === 'gone') return Promise.reject(new ClusterError('no namespace', 404));
      if (objects.has(path)) return Promise.reject(new ClusterError('there is one', 409));
      objects.set(path, object as unknown as Stored);
      return Promise.resolve(object);
    },
    patch: ({ name, ...place }, patch) => {
      const path = at(place, name);
      calls.push(`patch ${path}`);
      const known = objects.get(path);
      if (known === undefined) return Promise.reject(new ClusterError('not there', 404));
      objects.set(path, { ...known, ...(patch as ApiObject) });
      return Promise.resolve({});
    },
    remove: ({ name, ...place }) => {
      const path = at(place, name);
      calls.push(`remove ${path}`);
      objects.delete(path);
      return Promise.resolve({});
    },
  };
}

const own = (name = 'daygate'): Stored => ({
  metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'daygate' } },
});
const foreign: Stored = { metadata: { name: 'daygate', labels: {} } };
const found = audit([auditFinding()]);

describe('PolicyReports of an audit', () => {
  it('have as much of what a policy finds as the settings of its profile want', async () => {
    const settings = `profile: production
policies:
  forbid-latest-tag: { policyReport: summary }
  forbid-token-automount: { policyReport: none }
profiles:
  production: { policies: { forbid-token-automount: { policyReport: full } } }
`;
    const rulesOf = async (profile: string) => {
      const { report } = await auditOf([workload('Deployment', 'web')], { settings, profile });
      const ofBoth = ['forbid-latest-tag', 'forbid-token-automount'];
      expect(ofBoth.filter((id) => !report.findings.some(({ policy }) => policy === id))).toEqual([]);
      const [, shop] = policyReports(report);
      return ofBoth.map((id) => shop?.results.filter(({ policy }) => policy === id).map(({ rule }) => rule));
    };
    expect(await rulesOf('production')).toEqual([['summary'], ['missing']]);
    expect(await rulesOf('baseline')).toEqual([['summary'], []]);
  });

  it('are created, and replaced by those of the next', async () => {
    const objects = new Map<string, Stored>();
    const calls: string[] = [];
    const cluster = fakeCluster(objects, calls);
    expect(await writePolicyReports(cluster, pace, found)).toEqual({
      ...{ written: 2, removed: 0, leftOut: 0, problems: [] },
    });
    expect(calls).toEqual(['create clusterpolicyreports//daygate', 'create policyreports/shop/daygate']);
    expect(objects.get('policyreports/shop/daygate')).toMatchObject({ summary: { fail: 1 } });
    calls.length = 0;
    await writePolicyReports(cluster, pace, audit([]));
    expect(calls).toEqual(['patch clusterpolicyreports//daygate', 'patch policyreports/shop/daygate']);
    expect(objects.get('policyreports/shop/daygate')).toMatchObject({ summary: { fail: 0 }, results: [] });
  });

  it('take back that findings are not reported, once they are', async () => {
    const objects = new Map<string, Stored>();
    const cluster = fakeCluster(objects);
    const annotations = async (report: AuditReport) => {
      await writePolicyReports(cluster, pace, report);
      return objects.get('policyreports/shop/daygate')?.metadata;
    };
    const hidden = audit([auditFinding({ policyReport: 'none' })]);
    expect(await annotations(hidden)).toMatchObject({ annotations: { 'daygate.dev/not-reported': '1' } });
    expect(await annotations(found)).toMatchObject({ annotations: { 'daygate.dev/not-reported': null } });
  });

  it('take back that results had no room, once they have', async () => {
    const objects = new Map<string, Stored>();
    const cluster = fakeCluster(objects);
    const many = Array.from({ length: 1_200 }, (_, index) => auditFinding({ message: `number ${index}` }));
    expect(await writePolicyReports(cluster, pace, audit(many))).toMatchObject({ leftOut: 201 });
    await writePolicyReports(cluster, pace, found);
    expect(objects.get('policyreports/shop/daygate')?.metadata).toMatchObject({
      annotations: { 'daygate.dev/left-out': null, 'daygate.dev/cluster': 'prod' },
    });
  });

  it('are removed where a namespace has none any more, and nothing else is, however many there are', async () => {
    const old = Array.from(
      { length: 1_100 },
      (_, index) => [`policyreports/old-${index}/daygate`, own()] as const,
    );
    const objects = new Map<string, Stored>([
      ...old,
      ['policyreports/mine/by-hand', own('by-hand')],
      ['policyreports/other/daygate', foreign],
    ]);
    expect(await writePolicyReports(fakeCluster(objects), pace, found)).toMatchObject({ removed: 1_100 });
    expect([...objects.keys()].sort()).toEqual([
      'clusterpolicyreports//daygate',
      'policyreports/mine/by-hand',
      'policyreports/other/daygate',
      'policyreports/shop/daygate',
    ]);
  });

  it.each<[string, Partial<AuditReport['coverage']>]>([
    ['only some namespaces were asked for', { only: ['shop'] }],
    [
      'namespaces could not be read',
      { kinds: [{ apiVersion: 'v1', kind: 'Namespace', objects: 0, state: 'forbidden' }] },
    ],
  ])('of other namespaces stay where %s', async (_, coverage) => {
    const objects = new Map([['policyreports/old/daygate', own()]]);
    const report = { ...found, coverage: { ...found.coverage, ...coverage } };
    expect(await writePolicyReports(fakeCluster(objects), pace, report)).toMatchObject({ removed: 0 });
    expect(objects.has('policyreports/old/daygate')).toBe(true);
  });

  it('leave that of the cluster as it is where only some namespaces were asked for', async () => {
    const calls: string[] = [];
    const objects = new Map([['clusterpolicyreports//daygate', own()]]);
    const report = { ...found, coverage: { ...found.coverage, only: ['shop'] } };
    expect(await writePolicyReports(fakeCluster(objects, calls), pace, report)).toMatchObject({ written: 1 });
    expect(calls).toEqual(['create policyreports/shop/daygate']);
  });

  it('leave alone what somebody else wrote, and say so', async () => {
    const objects = new Map([['policyreports/shop/daygate', foreign]]);
    const { written, problems } = await writePolicyReports(fakeCluster(objects), pace, found);
    expect(written).toBe(1);
    expect(problems).toEqual([
      'there is a PolicyReport daygate in the namespace shop that daygate did not write: it has no label app.kubernetes.io/managed-by=daygate; remove or rename it',
    ]);
    expect(objects.get('policyreports/shop/daygate')).toBe(foreign);
  });

  it('are not missed where the namespace has gone since', async () => {
    const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'gone', name: 'web' };
    const report = await writePolicyReports(fakeCluster(new Map()), pace, audit([auditFinding({ object })]));
    expect(report).toMatchObject({ problems: [] });
  });

  it('need their CustomResourceDefinitions, which is said', async () => {
    const cluster = {
      ...fakeCluster(new Map()),
      list: () => Promise.reject(new ClusterError('not there', 404)),
    };
    await expect(writePolicyReports(cluster, pace, found)).rejects.toThrow(
      'it serves no clusterpolicyreports of wgpolicyk8s.io/v1alpha2: install their CustomResourceDefinitions',
    );
  });
});
