import { describe, expect, it } from 'vitest';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import type { ApiObject, Cluster } from '../../src/cluster/cluster.ts';
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

  const metrics = 'monitoring.coreos.com/v1';
  const service = object('v1', 'Service', 'web', {
    metadata: { name: 'web', namespace: 'shop', uid: 's', labels: { app: 'web' } },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
  });
  const monitor = (place: string, namespaceSelector?: object) =>
    object(metrics, 'ServiceMonitor', 'all', {
      metadata: { name: 'all', namespace: place, uid: place },
      spec: { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 'http' }], namespaceSelector },
    });
  const about = async (policy: string, all: readonly ApiObject[]) => {
    const cluster = { ...clusterOf(all), get: () => Promise.resolve(namespace) };
    const { report } = await auditShop(cluster, { profile: 'restricted' });
    return {
      found: report.findings.filter((finding) => finding.policy === policy).length,
      skipped: report.skipped.filter((skip) => skip.policy === policy).map(({ reason }) => reason),
    };
  };

  it('does not judge what another namespace may speak for, and says so', async () => {
    const elsewhere = monitor('monitoring', { any: true });
    expect(await about('require-metrics', [workload('Deployment', 'web'), service, elsewhere])).toEqual({
      found: 0,
      skipped: ['needs facts about ServiceMonitor of all namespaces'],
    });
    const schedule = object('velero.io/v1', 'Schedule', 'all', {
      metadata: { name: 'all', namespace: 'velero', uid: 'v' },
      spec: { schedule: '0 3 * * *', template: {} },
    });
    const claims = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }];
    const database = object('apps/v1', 'StatefulSet', 'db', {
      spec: { replicas: 1, volumeClaimTemplates: claims, template: { spec: { containers: [] } } },
    });
    expect(await about('require-backup', [database, schedule])).toEqual({
      found: 0,
      skipped: ['needs facts about Schedule of all namespaces'],
    });
  });

  it('judges by what lies in the namespace itself, and where the cluster has nothing of the kind', async () => {
    const inShop = [workload('Deployment', 'web'), service, monitor('shop')];
    expect(await about('require-metrics', inShop)).toEqual({ found: 0, skipped: [] });
    expect(await about('require-metrics', inShop.slice(0, 2))).toEqual({ found: 1, skipped: [] });
  });
});
