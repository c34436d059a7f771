import { describe, expect, it } from 'vitest';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { auditOf, clusterOf, object, workload, type AuditOf } from './audit-of.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const wildcard = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
const role = { apiVersion: rbac, kind: 'ClusterRole', metadata: { name: 'all', uid: 'r' }, rules: wildcard };
const namespace = object('v1', 'Namespace', 'shop', {
  metadata: { name: 'shop', uid: 'n', resourceVersion: '1', labels: { 'daygate.dev/profile': 'baseline' } },
});
const objects = [workload('Deployment', 'web'), role];

/** What somebody is shown who has rights in the namespace shop alone, or to it as well. */
function shown(isNamespaceShown: boolean, status = 403): Cluster {
  const cluster = clusterOf([...objects, namespace]);
  const refuse = (what: string) => Promise.reject(new ClusterError(`not allowed to ${what}`, status));
  return {
    ...cluster,
    list: (of, options) =>
      of.resource === 'clusterroles' ? refuse('list clusterroles') : cluster.list(of, options),
    get: (of) =>
      of.resource === 'namespaces' && isNamespaceShown ? Promise.resolve(namespace) : refuse(of.resource),
  };
}

async function auditShop(cluster: Cluster, options: AuditOf = {}) {
  const { report } = await auditOf(objects, { cluster, namespaces: ['shop'], ...options });
  const kinds = report.coverage.kinds.filter(({ objects: count }) => count > 0).map(({ kind }) => kind);
  return { report, kinds };
}

describe('an audit of one namespace', () => {
  it('judges nothing that is in none, and is complete where that may not be read', async () => {
    const { report, kinds } = await auditShop(shown(true));
    expect(report.errors).toEqual([]);
    expect(kinds).toEqual(['Deployment', 'Namespace']);
    expect(report.coverage.kinds.map(({ state }) => state)).not.toContain('forbidden');
    expect(report.namespaces).toMatchObject([{ name: 'shop', profile: 'baseline' }]);
    expect(report.findings.map(({ object: { kind } }) => kind)).not.toContain('ClusterRole');
    // It is looked at beside other objects.
    expect(report.notices).toEqual([expect.stringMatching(/may not list ClusterRole, which belong to no/)]);
    const { report: whole } = await auditOf(objects);
    expect(whole.findings.map(({ object: { kind } }) => kind)).toContain('ClusterRole');
  });

  it('judges by the default profile what is in a namespace that may not be read, and says so', async () => {
    const { report, kinds } = await auditShop(shown(false));
    expect([report.errors, kinds]).toEqual([[], ['Deployment']]);
    expect(report.namespaces).toMatchObject([{ name: 'shop', profile: 'production' }]);
    expect(report.notices[0]).toMatch(
      /the namespace shop: .* default profile production, whatever its label/,
    );
    const { report: named } = await auditShop(shown(false), { profile: 'restricted' });
    expect(named.notices[0]).toMatch(/may not get the namespace shop: it was not judged itself$/);
  });

  it('is not complete where something fails for another reason', async () => {
    const { report } = await auditShop(shown(true, 404));
    expect(report.errors).toHaveLength(1);
  });
});
