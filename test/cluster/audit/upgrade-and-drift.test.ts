/** What only an audit sees: who wrote an object in which version, who has changed it by hand, what blocks a drain. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiClient, type ApiClient } from '../api-client.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { namespace, readyDeployment } from '../manifests.ts';
import { runAudit, type Audited } from './audit-process.ts';

let plane: ControlPlane;
let api: ApiClient;
const folder = mkdtempSync(join(tmpdir(), 'daygate-upgrade-'));

// Kubernetes 1.36 serves it where it is asked to, and 1.37 does no more.
const old = 'storage.k8s.io/v1beta1';
const classes = (apiVersion: string): string => `/apis/${apiVersion}/volumeattributesclasses`;

function attributesClass(apiVersion: string, name: string): object {
  const metadata = { name };
  return {
    apiVersion,
    kind: 'VolumeAttributesClass',
    metadata,
    driverName: 'csi.example.com',
    parameters: { iops: '500' },
  };
}

beforeAll(async () => {
  writeFileSync(
    join(folder, 'daygate.yaml'),
    'profile: production\npolicies: { forbid-hand-edit: { action: warn, params: { namespaces: [shop] } } }\n',
  );
  plane = await startControlPlane({ controllers: false, apiServerFlags: [`--runtime-config=${old}=true`] });
  api = apiClient(plane);
  await create('/api/v1/namespaces', namespace('shop'));
  await create(classes(old), attributesClass(old, 'written-old'));
  await create(classes('storage.k8s.io/v1'), attributesClass('storage.k8s.io/v1', 'written-new'));
  await plane.kubectl(['apply', '-f', '-'], { input: attributesClass(old, 'applied-old') });
  await plane.kubectl(['apply', '--server-side', '--field-manager=argocd-controller', '-f', '-'], {
    input: readyDeployment('web', 'shop'),
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  api.close();
  await plane.stop();
});

async function create(path: string, body: object): Promise<void> {
  const { status, body: answer } = await api.call('POST', path, body);
  if (status !== 201) throw new Error(JSON.stringify(answer));
}

const audit = (...args: readonly string[]): Promise<Audited> =>
  runAudit(folder, plane.kubeconfig, ['--settings', 'daygate.yaml', ...args]);

it('names what the next version drops, by who writes it and not by who reads it', async () => {
  const { report, out } = await audit('--kubernetes', '1.37');
  expect(report.errors).toEqual([]);
  const ofClasses = report.findings.filter(({ object }) => object.kind === 'VolumeAttributesClass');
  expect(ofClasses.map(({ object, policy }) => [object.name, policy])).toEqual([
    ['applied-old', 'forbid-removed-api'],
    ['written-old', 'forbid-removed-api'],
  ]);
  for (const { message } of ofClasses) {
    expect(message).toContain('storage.k8s.io/v1beta1');
    expect(message).toContain('1.37');
  }
  expect(report.upgrade).toMatchObject({ to: '1.37', blockedDrains: [] });
  expect(out).toContain('storage.k8s.io/v1beta1');

  const present = await audit();
  expect(present.report.upgrade).toBeUndefined();
  expect(present.report.findings.filter(({ policy }) => policy === 'forbid-removed-api')).toEqual([]);
});

it('names the PodDisruptionBudgets that would hold up the drain of a node', async () => {
  const budgets = '/apis/policy/v1/namespaces/shop/poddisruptionbudgets';
  const status = { currentHealthy: 3, desiredHealthy: 3, expectedPods: 3, observedGeneration: 1 };
  for (const [name, disruptionsAllowed] of [
    ['free', 1],
    ['stuck', 0],
  ] as const) {
    const spec = { maxUnavailable: disruptionsAllowed, selector: { matchLabels: { app: name } } };
    await create(budgets, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec });
    const patch = { status: { ...status, disruptionsAllowed } };
    const type = 'application/merge-patch+json';
    expect((await api.call('PATCH', `${budgets}/${name}/status`, patch, type)).status).toBe(200);
  }
  const { report, out } = await audit('--kubernetes', '1.37');
  expect(report.upgrade?.blockedDrains).toEqual([
    { namespace: 'shop', name: 'stuck', healthy: 3, desired: 3 },
  ]);
  expect(out).toContain('shop/stuck');
});

it('says who has changed by hand what Git owns, with which tool, when, and which fields', async () => {
  const drift = async (): Promise<readonly string[]> =>
    (await audit()).report.findings.flatMap(({ policy, object, message }) =>
      policy === 'forbid-hand-edit' ? [`${object.kind} ${object.name}: ${message}`] : [],
    );
  expect(await drift()).toEqual([]);
  const patch = JSON.stringify({ spec: { replicas: 7, minReadySeconds: 5 } });
  await plane.kubectl(['patch', 'deployment', 'web', '-n', 'shop', '--type=merge', '-p', patch]);
  const today = new Date().toISOString().slice(0, 10);
  const found = await drift();
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(
    /^Deployment web: kubectl-patch changed spec\.minReadySeconds, spec\.replicas of Deployment web by hand on /,
  );
  expect(found[0]).toContain(today);
});
