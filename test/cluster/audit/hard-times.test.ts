/** What an audit makes of a cluster that withholds, forgets, changes or goes: on a real API server. */
import { createSign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../../policies/index.ts';
import { auditCluster, type Audited } from '../../../src/audit/audit-cluster.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { openCluster } from '../../../src/cluster/open-cluster.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../../src/config/settings-file.ts';
import { exitCode } from '../../../src/errors.ts';
import type { AuditReport } from '../../../src/report/audit/audit-report.ts';
import { auditText } from '../../../src/report/audit/text.ts';
import { apiClient, type ApiClient } from '../api-client.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { runAudit, runMain } from './audit-process.ts';
import { prometheusRules } from './fleet.ts';

let plane: ControlPlane;
let api: ApiClient;
let cluster: Cluster;
const folder = mkdtempSync(join(tmpdir(), 'daygate-hard-times-'));
const maps = 25;

beforeAll(async () => {
  plane = await startControlPlane({
    controllers: false,
    // Otherwise pages come from a snapshot in memory that outlives what etcd has forgotten, for a while.
    apiServerFlags: ['--feature-gates=ListFromCacheSnapshot=false'],
  });
  api = apiClient(plane);
  cluster = openCluster({ kubeconfig: plane.kubeconfig });
  for (const name of ['shop', 'bank']) await create('/api/v1/namespaces', { metadata: { name } });
  const shop = '/api/v1/namespaces/shop';
  for (let number = 10; number < 10 + maps; number++)
    await create(`${shop}/configmaps`, { metadata: { name: `map-${number}` }, data: { mode: 'live' } });
  for (const namespace of ['shop', 'bank'])
    await create(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('web'));
  await create(`${shop}/serviceaccounts`, { metadata: { name: 'auditor' } });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  api.close();
  await plane.stop();
});

async function create(path: string, body: object): Promise<void> {
  const answer = await api.call('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

function deployment(name: string): object {
  const labels = { app: name };
  const containers = [{ name: 'app', image: 'registry.example.com/app:latest' }];
  const template = { metadata: { labels }, spec: { containers } };
  return { metadata: { name, labels }, spec: { selector: { matchLabels: labels }, template } };
}

/** An audit in this process, of a cluster that something befalls in between. */
function auditOf(of: Cluster, more: { readonly pageSize?: number } = {}): Promise<Audited> {
  const now = Date.now();
  return auditCluster({
    cluster: of,
    name: 'test',
    compiled: compileOrThrow(parseSettings('profile: production', 'test'), policies, { now }),
    settings: '',
    now,
    pageSize: 500,
    callsPerSecond: 1_000,
    ...more,
  });
}

/** The cluster, with something done before the nth list of a resource (its pages counted). */
function before(resource: string, nth: number, act: () => Promise<void>): Cluster {
  let lists = 0;
  return {
    ...cluster,
    list: async (of, options) => {
      if (of.resource === resource && ++lists === nth) await act();
      return cluster.list(of, options);
    },
  };
}

/** Makes etcd forget all that was. */
async function compact(): Promise<void> {
  // Something must have happened since, so that the page before is of the past.
  await create('/api/v1/namespaces/shop/configmaps', { metadata: { generateName: 'since-' } });
  const post = async (path: string, body: object): Promise<{ header: { revision: string } }> => {
    const answer = await fetch(`${plane.etcdUrl}/v3/kv/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as { header: { revision: string } };
  };
  const { header } = await post('range', { key: btoa('nothing') });
  await post('compaction', { revision: header.revision, physical: true });
}

/** A kubeconfig for a bearer token. */
function kubeconfigOf(name: string, token: string): string {
  const file = join(folder, name);
  const config = {
    clusters: [{ name: 'c', cluster: { server: plane.serverUrl, 'certificate-authority': plane.caFile } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** A token as the API server makes it, that ends when the test wants: the API server makes none for a moment. */
async function tokenUntil(seconds: number): Promise<string> {
  const { body } = await api.call('GET', '/api/v1/namespaces/shop/serviceaccounts/auditor');
  const { uid } = (body as { metadata: { uid: string } }).metadata;
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  const claims = {
    iss: issuer,
    aud: [issuer],
    sub: 'system:serviceaccount:shop:auditor',
    ...{ iat: seconds - 3600, nbf: seconds - 3600, exp: seconds },
    'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'auditor', uid } },
  };
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'ES256' })}.${encode(claims)}`;
  const key = readFileSync(join(dirname(plane.caFile), 'sa.key'), 'utf8');
  const signature = createSign('sha256').update(signed).sign({ key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;

const stateOf = (report: AuditReport, kind: string): string | undefined =>
  report.coverage.kinds.find((one) => one.kind === kind)?.state;

describe('an audit', () => {
  it('with the rights to some kinds names the others, and judges what it may read', async () => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const rules = [
      { apiGroups: [''], resources: ['namespaces', 'configmaps'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
    ];
    await create(`${rbac}/clusterroles`, { metadata: { name: 'some' }, rules });
    await create(`${rbac}/clusterrolebindings`, {
      metadata: { name: 'some' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'some' },
      subjects: [{ kind: 'ServiceAccount', name: 'auditor', namespace: 'shop' }],
    });
    const token = await tokenUntil(inAnHour());
    const kubeconfig = kubeconfigOf('some.yaml', token);
    const { code, report, out } = await runAudit(folder, kubeconfig);
    expect(code).toBe(2);
    for (const kind of ['Secret', 'Pod', 'ClusterRole', 'Service'])
      expect(stateOf(report, kind), kind).toBe('forbidden');
    for (const kind of ['ConfigMap', 'Deployment', 'Namespace'])
      expect(stateOf(report, kind), kind).toBe('complete');
    expect(report.errors).toHaveLength(1);
    const forbidden = report.coverage.kinds.filter(({ state }) => state === 'forbidden');
    expect(report.errors[0]?.message).toMatch(
      new RegExp(
        `: not allowed to list ${forbidden.length} kinds \\(403\\): system:serviceaccount:shop:auditor needs a ClusterRole with the verb list on .*, roles\\.rbac\\.authorization\\.k8s\\.io, .*secrets, .*; daygate render --rbac audit prints one`,
      ),
    );
    expect(out).toMatch(/may not be listed: .*\bSecret\b/);
    const found = report.findings.filter(({ object }) => object.kind === 'Deployment');
    expect(new Set(found.map(({ object }) => object.namespace))).toEqual(new Set(['shop', 'bank']));
    // What could not be judged by for lack of what is beside it is said, and not passed.
    expect(report.skipped.map(({ policy }) => policy)).toContain('require-pod-disruption-budget');
    const text = readFileSync(join(folder, 'report.json'), 'utf8') + out;
    expect(text).not.toContain(token);
  });

  it('of one namespace needs no rights but those to what is in it', async () => {
    await create('/api/v1/namespaces/bank/serviceaccounts', { metadata: { name: 'daygate-audit' } });
    const render = await runMain(folder, ['render', '--rbac', 'audit-namespace', '-n', 'bank']);
    const file = join(folder, 'role.yaml');
    writeFileSync(file, render.out);
    await plane.kubectl(['apply', '-f', file]);
    const { stdout } = await plane.kubectl(['create', 'token', 'daygate-audit', '-n', 'bank']);
    const kubeconfig = kubeconfigOf('bank.yaml', stdout.trim());
    const { code, report, out } = await runAudit(folder, kubeconfig, ['-n', 'bank']);
    expect(code).toBe(1);
    expect(report.errors).toEqual([]);
    for (const kind of ['Deployment', 'ConfigMap', 'Secret', 'Role', 'Namespace'])
      expect(stateOf(report, kind), kind).toBe('complete');
    expect(report.coverage.kinds.filter(({ state }) => state === 'forbidden')).toEqual([]);
    expect(stateOf(report, 'ClusterRole')).toBeUndefined();
    const places = report.findings.map(({ object }) => object.namespace ?? `${object.kind} ${object.name}`);
    expect(new Set(places)).toEqual(new Set(['bank', 'Namespace bank']));
    // What is in no namespace is only looked at besides, and that it could not be is said.
    expect(out).toMatch(/this account may not list ClusterRole\b.*, which belong to no namespace/);
    expect((await runAudit(folder, kubeconfig, ['-n', 'bank', '--fail-on', 'none'])).code).toBe(0);
    // Nothing of another namespace, and that is no clean one.
    const other = await runAudit(folder, kubeconfig, ['-n', 'shop']);
    expect(other.code).toBe(2);
    expect(stateOf(other.report, 'Deployment')).toBe('forbidden');
    expect(other.out).toContain('daygate render --rbac audit-namespace -n shop prints one with');
  });

  it('of a namespace that may not be read itself judges what is in it by the default profile, and says so', async () => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/bank';
    await create('/api/v1/namespaces/bank/serviceaccounts', { metadata: { name: 'teller' } });
    const core = ['pods', 'podtemplates', 'replicationcontrollers'];
    const rules = [
      { apiGroups: [''], resources: core, verbs: ['list'] },
      { apiGroups: ['apps', 'autoscaling', 'batch'], resources: ['*'], verbs: ['list'] },
    ];
    await create(`${rbac}/roles`, { metadata: { name: 'reader' }, rules });
    await create(`${rbac}/rolebindings`, {
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'teller', namespace: 'bank' }],
    });
    const { stdout } = await plane.kubectl(['create', 'token', 'teller', '-n', 'bank']);
    const kubeconfig = kubeconfigOf('teller.yaml', stdout.trim());
    const args = ['-n', 'bank', '--only', 'require-replicas'];
    const { code, out, report } = await runAudit(folder, kubeconfig, args);
    expect([code, report.errors]).toEqual([1, []]);
    expect(report.namespaces).toMatchObject([{ name: 'bank', profile: 'production' }]);
    const notice = /this account may not get the namespace bank: it was not judged itself/;
    expect(out).toMatch(notice);
    expect(out.replace(/\s+/g, ' ')).toContain(
      'judged by the default profile production, whatever its label',
    );
    const named = await runAudit(folder, kubeconfig, [...args, '--profile', 'restricted']);
    expect(named.out).toMatch(notice);
    expect(named.out).not.toContain('default profile');
  });

  it('survives that etcd forgets what a list began with, and says so', async () => {
    let compactions = 0;
    const forgetful = before('configmaps', 3, async () => {
      compactions++;
      await compact();
      // The API server notices on its own time.
      await sleep(200);
    });
    const { report } = await auditOf(forgetful, { pageSize: 7 });
    expect(compactions).toBe(1);
    expect(stateOf(report, 'ConfigMap')).toBe('resumed');
    expect(report.errors).toEqual([]);
    const { objects } = report.coverage.kinds.find(({ kind }) => kind === 'ConfigMap') ?? { objects: 0 };
    const { stdout } = await plane.kubectl(['get', 'configmaps', '-A', '-o', 'name']);
    expect(objects).toBe(stdout.trim().split('\n').length);
    expect(auditText(report)).toContain('list of more than one moment');
  });

  it('names a kind that is removed while it runs', async () => {
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await create(crds, prometheusRules);
    const rules = '/apis/monitoring.coreos.com/v1/prometheusrules';
    const untilStatus = async (status: number): Promise<void> => {
      for (let attempt = 0; attempt < 200; attempt++) {
        if ((await api.call('GET', rules)).status === status) return;
        await sleep(50);
      }
      throw new Error(`${rules} does not become ${status}`);
    };
    await untilStatus(200);
    const removing = before('prometheusrules', 1, async () => {
      await api.call('DELETE', `${crds}/prometheusrules.monitoring.coreos.com`);
      await untilStatus(404);
    });
    const { report } = await auditOf(removing);
    expect(stateOf(report, 'PrometheusRule')).toBe('removed');
    expect(report.errors.map(({ message }) => message)).toEqual([
      'PrometheusRule of monitoring.coreos.com: the cluster had this kind when the audit began, and has it no more: its CustomResourceDefinition or API service was removed meanwhile',
    ]);
    expect(exitCode(report.errors, true)).toBe(2);
    expect(report.findings.some(({ object }) => object.kind === 'Deployment')).toBe(true);
  });

  it('by a token that has expired says so and writes no report', async () => {
    const kubeconfig = kubeconfigOf('old.yaml', await tokenUntil(inAnHour() - 7200));
    const args = ['audit', '--kubeconfig', kubeconfig, '-o', 'json=never.json', '-o', 'text'];
    const { code, out, err } = await runMain(folder, args);
    expect(code).toBe(2);
    expect(err).toContain('it does not know who asks (401): the token or certificate is wrong or has ended');
    expect(out).toBe('');
    expect(() => readFileSync(join(folder, 'never.json'))).toThrow('ENOENT');
  });

  it('by a token that ends while it runs says so, too', async () => {
    const old = openCluster({ kubeconfig: kubeconfigOf('old.yaml', await tokenUntil(inAnHour() - 7200)) });
    let lists = 0;
    const ending: Cluster = {
      ...cluster,
      list: (resource, options) => (++lists > 4 ? old : cluster).list(resource, options),
    };
    await expect(auditOf(ending)).rejects.toMatchObject({ status: 401, code: 'cluster' });
  });

  // The last: nothing is there afterwards.
  it('claims nothing of a cluster that goes while it runs, and does not wait for it with each kind', async () => {
    let asked = 0;
    const going = before('configmaps', 1, () => plane.stop());
    const counting: Cluster = {
      ...going,
      list: async (resource, options) => {
        asked++;
        return going.list(resource, options);
      },
    };
    const { report } = await auditOf(counting);
    expect(report.errors.length).toBeGreaterThan(0);
    expect(exitCode(report.errors, true)).toBe(2);
    const states = new Set(report.coverage.kinds.map(({ state }) => state));
    expect(states).toContain('failed');
    expect(stateOf(report, 'ConfigMap')).toBe('failed');
    expect(stateOf(report, 'Deployment')).not.toBe('complete');
    // Three times for the one that failed; the others would have taken a minute with each.
    expect(asked).toBeLessThan(12);
    expect(auditText(report)).toContain('could not be listed');
  });
});
