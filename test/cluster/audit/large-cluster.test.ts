/** `daygate audit` of more than 20,000 objects on a real API server, as a process of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { property, text } from '#sdk';
import { readAuditReport } from '../../../src/audit/read-report.ts';
import type { AuditFinding, AuditReport } from '../../../src/report/audit/audit-report.ts';
import { apiClient, type ApiClient } from '../api-client.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { runAudit, runMain, type Audited } from './audit-process.ts';
import { createFleet, largeFleet, namespaceName } from './fleet.ts';

let plane: ControlPlane;
let api: ApiClient;
const folder = mkdtempSync(join(tmpdir(), 'daygate-large-'));
const settings = join(folder, 'daygate.yaml');
let whole: Audited;
let created: ReadonlyMap<string, number>;

const team = namespaceName(0);
const pods = `/api/v1/namespaces/${team}/pods`;

beforeAll(async () => {
  // By default everything is judged as production, whatever the namespace says.
  writeFileSync(settings, '{}\n');
  plane = await startControlPlane({ controllers: false });
  api = apiClient(plane);
  const started = Date.now();
  created = await createFleet(api, largeFleet);
  console.log(`fleet made in ${Math.round((Date.now() - started) / 1000)} s`);
  for (const pod of [
    podOf('lost', { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'gone', uid: 'no-such-uid' }),
    podOf('kept-0', { apiVersion: 'example.com/v1', kind: 'Keeper', name: 'kept', uid: 'some-keeper' }),
    podOf('kept-1', { apiVersion: 'example.com/v1', kind: 'Keeper', name: 'kept', uid: 'some-keeper' }),
  ])
    await createPod(pod);
  await inject(['app-1-5d4f-20', 'app-1-5d4f-21', 'app-1-5d4f-22']);
  whole = await audit();
}, 1_800_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  api.close();
  await plane.stop();
});

const container = { name: 'app', image: 'registry.example.com/shop/app:1.4.2' };

function podOf(name: string, owner: object): object {
  const ownerReferences = [{ ...owner, controller: true }];
  return { metadata: { name, labels: { app: name }, ownerReferences }, spec: { containers: [container] } };
}

/** Pods that have one container more than their template has, as a mutating webhook makes them. */
async function inject(names: readonly string[]): Promise<void> {
  const { body } = await api.call('GET', `${pods}/app-1-5d4f-0`);
  const { labels, ownerReferences } = property(body, 'metadata') as Record<string, unknown>;
  const injected = { name: 'proxy', image: 'registry.example.com/mesh/proxy:latest' };
  const own = property(property(body, 'spec'), 'containers') as readonly object[];
  for (const name of names)
    await createPod({
      metadata: { name, labels, ownerReferences },
      spec: { containers: [...own, injected] },
    });
}

async function createPod(pod: object): Promise<void> {
  const { status, body } = await api.call('POST', pods, { apiVersion: 'v1', kind: 'Pod', ...pod });
  if (status !== 201) throw new Error(JSON.stringify(body));
}

const audit = (args: readonly string[] = [], file?: string): Promise<Audited> =>
  runAudit(folder, plane.kubeconfig, ['--settings', settings, '--profile', 'production', ...args], file);

/** What the API server says: how many there are of a kind, in all namespaces. */
async function countOf(apiVersion: string, resource: string): Promise<number> {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const { body } = await api.call('GET', `${root}/${resource}?limit=1`);
  const remaining = property(property(body, 'metadata'), 'remainingItemCount');
  return (property(body, 'items') as unknown[]).length + (typeof remaining === 'number' ? remaining : 0);
}

async function resourcesOf(apiVersion: string): Promise<ReadonlyMap<string, string>> {
  const { body } = await api.call('GET', apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`);
  const rows = property(body, 'resources') as readonly { kind: string; name: string }[];
  return new Map(rows.filter(({ name }) => !name.includes('/')).map(({ kind, name }) => [kind, name]));
}

/** What a finding says, and of what. */
const place = ({ object, policy, message, locator }: AuditFinding): string =>
  [object.kind, object.namespace, object.name, policy, message, locator].join(' ');

/** What --since and shards must not change. */
const verdicts = ({ findings, objects, skipped, namespaces, errors }: AuditReport): object => ({
  ...{ findings, objects, skipped, namespaces, errors },
});

// Twenty seconds on two idle processors.
describe('an audit of a large cluster', { timeout: 900_000 }, () => {
  it('is complete: it counts what the API server counts', async () => {
    const { report, code, err, mebibytes, calls } = whole;
    expect(report.errors).toEqual([]);
    expect(code, err).toBe(1);
    const served = report.coverage.kinds.filter(({ state }) => state !== 'not-served');
    expect(served.every(({ state }) => state === 'complete')).toBe(true);
    const counted: Record<string, number> = {};
    for (const { apiVersion, kind } of served) {
      const resource = (await resourcesOf(apiVersion)).get(kind);
      counted[`${apiVersion} ${kind}`] = await countOf(apiVersion, String(resource));
    }
    const reported = served.map(({ apiVersion, kind, objects }) => [`${apiVersion} ${kind}`, objects]);
    expect(Object.fromEntries(reported)).toEqual(counted);
    for (const [kind, number] of created)
      // No policy looks at definitions.
      if (kind !== 'CustomResourceDefinition')
        expect(served.find((one) => one.kind === kind)?.objects, kind).toBeGreaterThanOrEqual(number);
    expect(report.coverage.listed).toBeGreaterThan(20_500);
    console.log(
      `${report.coverage.listed} objects of ${served.length} kinds, ${calls} calls, at most ${mebibytes.toFixed(0)} MiB`,
    );
  });

  it('reads custom resources', () => {
    const rule = whole.report.findings.filter(({ object }) => object.kind === 'PrometheusRule');
    expect(rule.length).toBeGreaterThanOrEqual(largeFleet.namespaces);
  });

  it('takes less than 256 MiB', () => {
    expect(whole.mebibytes).toBeLessThan(256);
  });

  it('says the same of the same cluster, byte for byte', async () => {
    const again = await audit([], 'again.json');
    expect(again.text === whole.text).toBe(true);
    expect(again.out).toBe(whole.out);
    expect(again.calls).toBe(whole.calls);
  });

  it('has one finding for a Deployment and place, whatever it runs', () => {
    const { findings } = whole.report;
    const places = findings.filter(({ via }) => via === undefined).map(place);
    expect(new Set(places).size).toBe(places.length);
    expect(findings.some(({ object }) => object.kind === 'ReplicaSet')).toBe(false);
    const untold = findings.filter(({ object }) => object.kind === 'Pod').map(({ object }) => object.name);
    expect(new Set(untold)).toEqual(new Set(['lost']));
    const moving = findings.filter(
      ({ object, policy }) =>
        object.kind === 'Deployment' && object.name === 'app-0' && policy === 'require-memory-limit',
    );
    expect(moving.map(({ object, via }) => [object.namespace, via])).toEqual(
      Array.from({ length: largeFleet.namespaces }, (_, index) => [namespaceName(index), undefined]),
    );
  });

  it('names the pods that have what their template has not', () => {
    const injected = whole.report.findings.filter(({ locator }) => locator.includes('[proxy]'));
    expect(injected.length).toBeGreaterThan(3);
    for (const { object, via } of injected) {
      expect(object).toMatchObject({ kind: 'Deployment', namespace: team, name: 'app-1' });
      expect(via).toEqual({ kind: 'Pod', names: ['app-1-5d4f-20', 'app-1-5d4f-21', 'app-1-5d4f-22'] });
    }
    expect(whole.report.findings.filter(({ via }) => via?.names.includes('app-1-5d4f-0'))).toEqual([]);
  });

  it('tells of a pod whose owner is gone, and of an owner that it does not know', () => {
    const { findings, objects, coverage } = whole.report;
    expect(objects.some(({ kind, name }) => kind === 'Pod' && name === 'lost')).toBe(true);
    expect(findings.find(({ object }) => object.name === 'lost')?.via).toBeUndefined();
    const kept = findings.filter(({ object }) => object.kind === 'Keeper');
    expect(kept.length).toBeGreaterThan(3);
    for (const { via, object } of kept) {
      expect(object).toMatchObject({ apiVersion: 'example.com/v1', namespace: team, name: 'kept' });
      expect(via).toEqual({ kind: 'Pod', names: ['kept-0', 'kept-1'] });
    }
    expect(coverage.unmapped).toEqual([{ apiVersion: 'example.com/v1', kind: 'Keeper', owned: 2 }]);
  });

  it('in three shards says what the whole says', async () => {
    const files = ['0', '1', '2'].map((index) => `shard-${index}.json`);
    const shards = [];
    for (const [index, file] of files.entries()) shards.push(await audit(['--shard', `${index}/3`], file));
    const shares = shards.map(({ report }) => report.coverage.judged);
    expect(Math.min(...shares)).toBeGreaterThan(1_000);
    const merged = await runMain(folder, ['merge', '-o', 'json=merged.json', ...files]);
    expect(merged.code, merged.err).toBe(1);
    const report = readAuditReport(join(folder, 'merged.json'));
    const { listed, judged, kinds } = whole.report.coverage;
    expect(report.coverage).toMatchObject({ listed, judged });
    const counts = (of: typeof kinds): ReadonlyMap<string, number> =>
      new Map(of.map(({ apiVersion, kind, objects }) => [`${apiVersion} ${kind}`, objects]));
    expect(counts(report.coverage.kinds)).toEqual(counts(kinds));
    // What is of one cluster says its name only where several are merged.
    const plain = JSON.parse(JSON.stringify(verdicts(report))) as Record<string, { cluster?: string }[]>;
    for (const rows of Object.values(plain)) for (const row of rows) delete row.cluster;
    const expected = verdicts(whole.report) as Record<string, unknown>;
    for (const [key, rows] of Object.entries(plain)) expect(rows, key).toEqual(expected[key]);
  });

  // The last: it changes the cluster.
  it('judges again only what has changed since', async () => {
    const same = await audit(['--since', 'report.json'], 'same.json');
    expect(same.report.coverage).toMatchObject({ judged: 0, unchanged: whole.report.coverage.judged });
    expect(same.err).toContain(`0 objects judged, ${whole.report.coverage.judged} unchanged`);
    expect(verdicts(same.report)).toEqual(verdicts(whole.report));
    expect(same.report.seen).toEqual(whole.report.seen);
    expect(same.code).toBe(1);

    const path = `/apis/apps/v1/namespaces/${team}/deployments/app-3`;
    const strategic = 'application/strategic-merge-patch+json';
    const containers = [{ name: 'app', env: [{ name: 'MODE', value: 'live' }] }];
    const patch = { spec: { template: { spec: { containers } } } };
    expect((await api.call('PATCH', path, patch, strategic)).status).toBe(200);
    const next = await audit(['--since', 'report.json'], 'next.json');
    console.log(`after one patch: ${JSON.stringify(next.report.coverage.judged)} judged; ${next.err}`);
    expect(next.err).not.toContain('is of no use');
    // The Deployment, its ReplicaSet that runs and twelve pods.
    expect(next.report.coverage.judged).toBe(2 + largeFleet.podsPerDeployment);
    expect(next.report.findings).toEqual(whole.report.findings);
    expect(text(next.report.server)).toBe(whole.report.server);
  });
});
