/**
 * The chart and install.yaml on a real API server, with the real helm and kubectl.
 *
 * There is no kubelet, so no pod ever runs. In their place the test runs what their specs say, on loopback: the Job's
 * arguments with the rights of its service account, the Deployment's with the Secret and the ConfigMap as files, and
 * the script of the test pod, whose outcome it writes into the pod's status as a kubelet would. There is no network of
 * Services either: the release names the server by settings.webhook.url.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { findFreePorts } from './free-ports.ts';
import { createHelm } from './helm.ts';
import { inventory } from './inventory.ts';
import { namespace, pod, readyPodSpec } from './manifests.ts';

const repository = join(import.meta.dirname, '../..');
const main = join(repository, 'src/main.ts');
const own = 'daygate-system';
const home = mkdtempSync(join(tmpdir(), 'daygate-chart-'));

let cluster: ControlPlane;
let helm: Awaited<ReturnType<typeof createHelm>>;
let port = 0;
let before: readonly string[] = [];
let server: ChildProcess | undefined;

interface Webhooks {
  readonly webhooks: readonly {
    readonly name: string;
    readonly clientConfig: { readonly caBundle?: string };
  }[];
}
interface Container {
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

async function read<T>(...args: readonly string[]): Promise<T> {
  const { stdout } = await cluster.kubectl(['get', ...args, '-o', 'json']);
  return JSON.parse(stdout) as T;
}
const inOwn = <T>(...args: readonly string[]): Promise<T> => read<T>(...args, '-n', own);

/** What nobody but `daygate certs` writes. */
async function certificates(): Promise<unknown> {
  const { webhooks } = await read<Webhooks>('validatingwebhookconfiguration', 'daygate');
  const secrets = await Promise.all(
    ['daygate-tls', 'daygate-ca'].map((name) => inOwn<{ data?: object; type: string }>('secret', name)),
  );
  return {
    bundles: webhooks.map(({ name, clientConfig }) => [name, clientConfig.caBundle]),
    secrets: secrets.map(({ data, type }) => ({ data, type })),
  };
}

/** Runs what the pod of the Job would run, as the service account that it names. */
async function runCertificateJob(): Promise<void> {
  interface Job {
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly template: { readonly spec: { serviceAccountName: string; containers: [Container] } };
    };
  }
  const { items } = await inOwn<{ items: readonly Job[] }>('jobs');
  expect(items.length).toBe(1);
  const spec = items[0]?.spec.template.spec;
  const account = `system:serviceaccount:${own}:${spec?.serviceAccountName ?? ''}`;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${own}`];
  const KUBECONFIG = await cluster.kubeconfigFor({ name: account, groups });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, ...(spec?.containers[0].args ?? [])],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG },
    },
  );
  expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
}

async function jobName(): Promise<string> {
  return (await cluster.kubectl(['get', 'jobs', '-n', own, '-o', 'name'])).stdout;
}

/** Starts what the pods of the Deployment would run, with their volumes as files. */
async function startServer(): Promise<void> {
  await stopServer();
  const volumes = {
    settings: (await inOwn<{ data: Record<string, string> }>('configmap', 'daygate')).data,
    tls: Object.fromEntries(
      Object.entries((await inOwn<{ data: Record<string, string> }>('secret', 'daygate-tls')).data).map(
        ([file, text]) => [file, Buffer.from(text, 'base64').toString()],
      ),
    ),
  };
  for (const [volume, files] of Object.entries(volumes)) {
    mkdirSync(join(home, volume), { recursive: true });
    for (const [file, text] of Object.entries(files))
      writeFileSync(join(home, volume, file), text, { mode: 0o600 });
  }
  const deployment = await inOwn<{ spec: { template: { spec: { containers: [Container] } } } }>(
    'deployment',
    'daygate',
  );
  const args = deployment.spec.template.spec.containers[0].args.map((arg) =>
    arg.replace('/etc/daygate', home),
  );
  server = spawn(
    process.execPath,
    [main, ...args, '--host=127.0.0.1', `--port=${port}`, '--drain-seconds=0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let log = '';
  server.stdout?.setEncoding('utf8').on('data', (text: string) => (log += text));
  await vi.waitFor(() => expect(log).toContain('"serving"'), 30_000);
}

async function stopServer(): Promise<void> {
  if (server === undefined || server.exitCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}

/** `helm test`, with the test standing for the kubelet. */
async function helmTest() {
  const asked = helm('test', 'daygate', '-n', own, '--timeout', '60s');
  interface TestPod {
    readonly spec: { readonly containers: [Container & { readonly command: readonly string[] }] };
  }
  const found = await vi.waitFor(() => inOwn<TestPod>('pod', 'daygate-test'), {
    timeout: 20_000,
    interval: 200,
  });
  const { command, args, env = [] } = found.spec.containers[0];
  expect(command).toEqual(['node', '-e']);
  expect(env.map(({ name, value }) => `${name}=${value}`)).toEqual([
    `DAYGATE_URL=https://daygate.${own}.svc`,
    'NODE_EXTRA_CA_CERTS=/etc/daygate/tls/ca.crt',
  ]);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', ...args], {
    encoding: 'utf8',
    env: { DAYGATE_URL: `https://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: join(home, 'tls/ca.crt') },
  });
  const phase = status === 0 ? 'Succeeded' : 'Failed';
  const patch = JSON.stringify({ status: { phase } });
  await cluster.kubectl([
    ...['patch', 'pod', 'daygate-test', '-n', own, '--subresource=status', '--type=merge', '-p', patch],
  ]);
  return { ...(await asked), said: stdout + stderr };
}

/** What the API server answers to a Pod that the profile denies. */
async function createPrivileged(): Promise<string> {
  const spec = readyPodSpec();
  for (const container of spec.containers) container['securityContext'] = { privileged: true };
  const { stdout, stderr } = await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], {
    input: pod('probe', 'shop', spec),
    expectFailure: 'either',
  });
  return stdout + stderr;
}

const flags = (enforcement: string): readonly string[] => [
  ...['--namespace', own, '--values', join(repository, 'test/render/own-chart/defaults.yaml')],
  ...[
    '--set',
    `settings.webhook.url=https://127.0.0.1:${port}`,
    '--set',
    `settings.enforcement=${enforcement}`,
  ],
];
const chart = join(repository, 'deploy/chart');

beforeAll(async () => {
  cluster = await startControlPlane();
  helm = await createHelm(cluster.kubeconfig, home);
  [port = 0] = await findFreePorts(1);
  await cluster.kubectl(['apply', '-f', '-'], { input: namespace('shop') });
  // The namespace's own objects come a moment later.
  await vi.waitFor(() => read('configmap', 'kube-root-ca.crt', '-n', 'shop'), {
    timeout: 20_000,
    interval: 200,
  });
  await sleep(500);
  before = await inventory(cluster);
});

afterAll(async () => {
  await stopServer();
  await cluster.stop();
  rmSync(home, { recursive: true, force: true });
});

describe('the chart', () => {
  let made: unknown;
  let firstJob = '';

  it('is installed with one command, and makes its certificates with the rights of its Job', async () => {
    const { code, text } = await helm('install', 'daygate', chart, '--create-namespace', ...flags('observe'));
    expect(code, text).toBe(0);
    expect(text).toContain('daygate 0.1.0 is installed in daygate-system');
    expect(text).toContain('It observes');
    firstJob = await jobName();
    await runCertificateJob();
    made = await certificates();
    expect(JSON.stringify(made)).not.toMatch(/null|undefined|""/);
  });

  it('observes first: findings are warnings', async () => {
    await startServer();
    await vi.waitFor(
      async () => {
        const answer = await createPrivileged();
        expect(answer).toMatch(/^Warning: .*forbid-privileged/m);
        expect(answer).toContain('pod/probe created (server dry run)');
      },
      { timeout: 10_000, interval: 200 },
    );
  });

  it('has a test that passes where daygate answers, fails where it does not, and leaves no pod', async () => {
    expect(await helmTest()).toMatchObject({ code: 0, said: expect.stringContaining('judges') as string });
    await stopServer();
    const { code, said } = await helmTest();
    expect(code).not.toBe(0);
    expect(said).toContain('ECONNREFUSED');
    const { stdout } = await cluster.kubectl(['get', 'pods', '-n', own, '-o', 'name']);
    expect(stdout).not.toContain('daygate-test');
  });

  it('is upgraded without a trace on the certificates, and enforces then', async () => {
    const fail = ['--set', 'settings.webhook.failurePolicy=Fail'];
    const { code, text } = await helm('upgrade', 'daygate', chart, ...flags('enforce'), ...fail);
    expect(code, text).toBe(0);
    expect(text).toContain('It enforces');
    const names = (await certificates()) as { bundles: [string, string | undefined][]; secrets: unknown };
    expect(names.secrets).toEqual((made as { secrets: unknown }).secrets);
    const known = new Map((made as { bundles: [string, string][] }).bundles);
    // All that can block were there before and keep their CA: not one call fails.
    expect(names.bundles.length).toBeGreaterThan(8);
    for (const [name, bundle] of names.bundles)
      expect([name, bundle]).toEqual([name, known.get(name) ?? 'no CA']);
    // Which therefore is another Job, and not the one that is done.
    expect(await jobName()).not.toBe(firstJob);
    await runCertificateJob();
    const after = (await certificates()) as typeof names;
    expect(after.secrets).toEqual(names.secrets);
    expect(new Set(after.bundles.map(([, bundle]) => bundle))).toEqual(new Set(known.values()));
    await startServer();
    await vi.waitFor(
      async () => expect(await createPrivileged()).toMatch(/denied the request[\s\S]*forbid-privileged/),
      {
        timeout: 10_000,
        interval: 200,
      },
    );
  });

  it('is rolled back to what it was', async () => {
    const { code, text } = await helm('rollback', 'daygate', '1', '-n', own);
    expect(code, text).toBe(0);
    await runCertificateJob();
    expect(await certificates()).toEqual(made);
    const { data } = await inOwn<{ data: Record<string, string> }>('configmap', 'daygate');
    expect(data['daygate.yaml']).toContain('enforcement: observe');
  });

  it('leaves nothing when it is uninstalled', async () => {
    await stopServer();
    expect(await helm('uninstall', 'daygate', '-n', own, '--wait')).toMatchObject({ code: 0 });
    // The namespace was made by a flag of helm install, and is not part of the release.
    await vi.waitFor(
      async () => {
        const rest = (await inventory(cluster)).filter((name) => !before.includes(name));
        expect(rest).toEqual([
          `ConfigMap ${own}/kube-root-ca.crt`,
          `Namespace /${own}`,
          `ServiceAccount ${own}/default`,
        ]);
      },
      { timeout: 30_000, interval: 500 },
    );
    await cluster.kubectl(['delete', 'namespace', own]);
    expect(await inventory(cluster)).toEqual(before);
  });
});

describe('install.yaml', () => {
  const file = join(repository, 'deploy/install.yaml');

  it('is applied, and applied again without a trace on the certificates', async () => {
    await cluster.kubectl(['apply', '-f', file]);
    await runCertificateJob();
    const made = await certificates();
    expect(JSON.stringify(made)).not.toMatch(/null|undefined|""/);
    const { stdout } = await cluster.kubectl(['apply', '-f', file]);
    const written = stdout.split('\n').filter((line) => line !== '' && !line.endsWith(' unchanged'));
    // kubectl sends the selector of a PodDisruptionBudget each time, as its schema asks for; nothing changes by that.
    expect(written).toEqual(['poddisruptionbudget.policy/daygate configured']);
    expect(await certificates()).toEqual(made);
  });

  it('is deleted and leaves nothing', async () => {
    await cluster.kubectl(['delete', '-f', file]);
    await vi.waitFor(async () => expect(await inventory(cluster)).toEqual(before), {
      timeout: 30_000,
      interval: 500,
    });
  });
});
