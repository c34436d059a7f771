/** `daygate breakglass` where it counts: on a real API server that asks a real daygate, or one that is gone. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { breakglass, type BreakglassOptions } from '../../src/breakglass/breakglass.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { startDaygate, type Daygate } from './daygate-process.ts';
import { draftDeployment, namespace, pod, readyPodSpec } from './manifests.ts';

const root = join(import.meta.dirname, '../..');
const settings = `
enforcement: enforce
webhook: { failurePolicy: Fail }
policies:
  forbid-token-automount: { fix: true }
`;

let cluster: ControlPlane;
let daygate: Daygate;
const started: { stop(): Promise<void> }[] = [];
let folder: string;
/** A kubeconfig with the token of deploy/breakglass.yaml's service account, and with no right beyond. */
let narrow: string;

/** Runs the command in this process, at a time of our choosing. */
async function run(options: Partial<BreakglassOptions>, now = Date.now()): Promise<string> {
  let out = '';
  const io = { out: (text: string) => void (out += text), now: () => now };
  const code = await breakglass({ kubeconfig: narrow, configuration: 'daygate', ...options }, io);
  expect(code).toBe(0);
  return out;
}
const suspendNow = (more: Partial<BreakglassOptions> = {}, now?: number) =>
  run({ for: '30m', reason: 'INC-4711: roll back', ...more }, now);

async function create(name = 'draft') {
  return cluster.kubectl(['create', '--dry-run=server', '-f', '-'], {
    input: draftDeployment(name, 'shop'),
    expectFailure: 'either',
  });
}
/** The API server learns of changed configurations by a watch. */
async function untilCreate(expected: (result: Awaited<ReturnType<typeof create>>) => void): Promise<void> {
  await vi.waitFor(async () => expected(await create()), { timeout: 20_000, interval: 100 });
}
const isRefused = ({ code, stderr }: { code: number; stderr: string }): void => {
  expect(code).not.toBe(0);
  expect(stderr).toContain('refused Deployment shop/draft');
};

async function configurations(): Promise<Record<string, { resourceVersion: string; webhooks: unknown }>> {
  const { stdout } = await cluster.kubectl([
    ...['get', 'validatingwebhookconfigurations,mutatingwebhookconfigurations', '-o', 'json'],
  ]);
  const { items } = JSON.parse(stdout) as {
    items: { kind: string; metadata: { name: string; resourceVersion: string }; webhooks: unknown }[];
  };
  return Object.fromEntries(
    items.map(({ kind, metadata: { name, resourceVersion }, webhooks }) => [
      `${kind} ${name}`,
      { resourceVersion, webhooks },
    ]),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daygate-breakglass-'));
  cluster = await startControlPlane();
  started.push(cluster);
  for (const object of [namespace('shop'), namespace('daygate-system')])
    await cluster.kubectl(['apply', '-f', '-'], { input: object });
  await cluster.kubectl(['apply', '-f', join(root, 'deploy/breakglass.yaml')]);
  const { stdout: token } = await cluster.kubectl([
    ...['create', 'token', 'daygate-breakglass', '-n', 'daygate-system'],
  ]);
  narrow = join(folder, 'kubeconfig');
  const ca = (await readFile(cluster.caFile)).toString('base64');
  await writeFile(
    narrow,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: cluster.serverUrl, 'certificate-authority-data': ca } }],
      users: [{ name: 'u', user: { token: token.trim() } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    }),
  );
  daygate = await startDaygate({ settings });
  started.unshift(daygate);
  await daygate.register(cluster);
  const other = (kind: string) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'other' },
    webhooks: [
      {
        name: 'other.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { url: 'https://127.0.0.1:1/x' },
        rules: [
          {
            apiGroups: ['nobody.example.com'],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['things'],
          },
        ],
      },
    ],
  });
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'])
    await cluster.kubectl(['apply', '-f', '-'], { input: other(kind) });
});

afterAll(async () => {
  for (const process of started) await process.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('daygate breakglass', () => {
  it('lets a refused Deployment through with warnings, changes nothing else, and puts everything back', async () => {
    await untilCreate(isRefused);
    const before = await configurations();
    const said = await suspendNow();
    expect(said).toMatch(
      /^suspending enforcement until \d{4}-\S+Z: INC-4711: roll back\nin \S+ \(https:\S+\)\n/,
    );
    expect(said).toContain(`  daygate breakglass --undo --kubeconfig ${narrow}\n`);
    await untilCreate(({ code, stderr }) => {
      expect(code).toBe(0);
      expect(stderr).toMatch(/Warning: daygate: enforcement is suspended until \S+Z/);
      expect(stderr).toContain('Warning: daygate: would be refused: forbid-latest-tag: ');
    });
    expect(await owners()).toContain('daygate-breakglass');
    const metrics = await (await fetchMetrics()).text();
    expect(metrics).toMatch(/^daygate_suspended 1$/m);
    const { stdout } = await cluster.kubectl([
      ...['get', 'validatingwebhookconfigurations', '-L', 'daygate.dev/breakglass'],
    ]);
    expect(stdout).toMatch(/^daygate .* active$/m);
    expect(stdout).not.toMatch(/^other .* active$/m);
    const mutated = await cluster.kubectl(['create', '--dry-run=server', '-o', 'json', '-f', '-'], {
      input: fixablePod(),
    });
    expect(JSON.parse(mutated.stdout)).not.toHaveProperty('spec.automountServiceAccountToken');

    expect(await run({ undo: true })).toContain(
      'by system:serviceaccount:daygate-system:daygate-breakglass since',
    );
    await untilCreate(isRefused);
    const after = await configurations();
    for (const name of Object.keys(before))
      expect(after[name]?.webhooks, name).toEqual(before[name]?.webhooks);
    for (const name of Object.keys(before).filter((one) => one.endsWith(' other')))
      expect(after[name]?.resourceVersion).toBe(before[name]?.resourceVersion);
    expect(JSON.stringify(await rawConfigurations())).not.toContain('suspended');
    expect(await owners()).not.toContain('daygate-breakglass');
    expect(await run({ undo: true })).toMatch(/^nothing is suspended in \S+ \(https:\S+\)\n$/);
  });

  it('ends by itself where the server answers, and wholly where the CronJob runs', async () => {
    // Five seconds of the shortest time are left.
    await suspendNow({ for: '1m' }, Date.now() - 55_000);
    await untilCreate(({ code }) => expect(code).toBe(0));
    expect(await run({ undo: true, whenDue: true }, Date.now() - 60_000)).toContain('not due yet\n');
    await untilCreate(isRefused);
    expect(await rawConfigurations()).toContain('"failurePolicy":"Ignore","matchConditions"');
    const { stdout } = await daygateCommand('breakglass', '--undo', '--when-due', '--kubeconfig', narrow);
    expect(stdout).toContain('enforced again: ');
    expect(await rawConfigurations()).not.toContain('suspended');
    await untilCreate(isRefused);
  });

  it('says what it would do, and does nothing', async () => {
    const before = await configurations();
    expect(await suspendNow({ dryRun: true })).toContain('would be suspended: ');
    expect(await configurations()).toEqual(before);
  });

  it('takes what somebody applied anew meanwhile', async () => {
    await suspendNow();
    await suspendNow({ for: '2h', skipCalls: true });
    await untilCreate(({ code, stderr }) =>
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('daygate')]),
    );
    await daygate.rendered().then((yaml) => cluster.kubectl(['apply', '-f', '-'], { input: yaml }));
    await run({ undo: true });
    await untilCreate(isRefused);
    expect(await rawConfigurations()).not.toContain('suspended');
  });

  it('names the verb and the resource to who has no rights', async () => {
    const kubeconfig = await cluster.kubeconfigFor({ name: 'jane', groups: ['developers'] });
    await expect(suspendNow({ kubeconfig })).rejects.toThrow(
      /not allowed to get validatingwebhookconfigurations.*kubectl auth can-i get/s,
    );
  });

  it('used no rights but to change the two configurations', async () => {
    const events = await cluster.auditEvents();
    const done = events
      .filter(({ user }) => user.username.endsWith(':daygate-breakglass'))
      .map(({ verb, objectRef }) => `${verb} ${objectRef?.resource ?? ''} ${objectRef?.name ?? ''}`.trim());
    expect([...new Set(done)].sort()).toEqual([
      'create selfsubjectreviews',
      'patch mutatingwebhookconfigurations daygate',
      'patch validatingwebhookconfigurations daygate',
    ]);
  });

  it('judges its own objects, too, while it lives', async () => {
    const { stderr } = await cluster.kubectl(['apply', '--dry-run=server', '-f', '-'], {
      input: clusterRole('daygate-certs', ['*']),
      expectFailure: true,
    });
    expect(stderr).toContain('webhook "own-cluster.advise.daygate.dev" denied the request');
    expect(stderr).toContain('refused ClusterRole daygate-certs');
  });

  it('works while daygate is gone and everything is refused', async () => {
    await daygate.stop();
    await untilCreate(({ code, stderr }) => {
      expect(code).not.toBe(0);
      expect(stderr).toContain('failed calling webhook');
    });
    await suspendNow();
    await untilCreate(({ code, stdout }) => {
      expect([code, stdout]).toEqual([0, 'deployment.apps/draft created (server dry run)\n']);
    });
    await run({ undo: true });
    await untilCreate(({ code }) => expect(code).not.toBe(0));
  });

  it('can be repaired while it is gone, and nothing else gets by', async () => {
    const rbac = ['daygate-certs', 'daygate-breakglass'].flatMap((name) => [
      `clusterrole/${name}`,
      `clusterrolebinding/${name}`,
    ]);
    await cluster.kubectl(['delete', '--ignore-not-found', ...rbac]);
    const files = ['certs', 'breakglass'].flatMap((name) => ['-f', join(root, `deploy/${name}.yaml`)]);
    const { stdout } = await cluster.kubectl(['apply', ...files]);
    for (const kind of ['clusterrole', 'clusterrolebinding'])
      for (const name of ['daygate-certs', 'daygate-breakglass'])
        expect(stdout).toContain(`${kind}.rbac.authorization.k8s.io/${name} created\n`);
    await cluster.kubectl(['label', 'namespace', 'daygate-system', 'repaired=yes']);

    for (const others of [
      ['create', 'clusterrole', 'daygate-certs-too', '--verb=get', '--resource=pods'],
      ['create', 'clusterrolebinding', 'daygate', '--clusterrole=view', '--user=jane'],
      ['label', 'namespace', 'shop', 'repaired=yes'],
    ]) {
      const { stderr } = await cluster.kubectl(others, { expectFailure: true });
      expect(stderr).toContain('failed calling webhook "cluster.enforce.daygate.dev"');
    }
  });
});

function clusterRole(name: string, verbs: readonly string[]): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs }],
  };
}

function fixablePod(): object {
  const spec = readyPodSpec();
  delete spec['automountServiceAccountToken'];
  return pod('fixable', 'shop', spec);
}

async function rawConfigurations(): Promise<string> {
  return JSON.stringify(Object.values(await configurations()).map(({ webhooks }) => webhooks));
}

/** Who owns fields of the configurations, as conflicts of server-side apply (Helm's, too) name them. */
async function owners(): Promise<readonly string[]> {
  const { stdout } = await cluster.kubectl([
    ...['get', 'validatingwebhookconfigurations,mutatingwebhookconfigurations', '--show-managed-fields'],
    ...['-o', 'jsonpath={.items[*].metadata.managedFields[*].manager}'],
  ]);
  return stdout.split(' ');
}

function daygateCommand(...args: readonly string[]) {
  return promisify(execFile)(process.execPath, [join(root, 'src/main.ts'), ...args]);
}

async function fetchMetrics(): Promise<{ text: () => Promise<string> }> {
  const { Agent, request } = await import('node:https');
  const agent = new Agent({ rejectUnauthorized: false });
  return new Promise((resolve, reject) => {
    request(`${daygate.url}/metrics`, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ text: () => Promise.resolve(body) }));
    })
      .on('error', reject)
      .end();
  });
}
