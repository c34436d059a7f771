/** The service on a real API server, with exactly the rights that `daygate render --rbac` gives. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { runProgram } from '../../cli/run-program.ts';
import { policyReportDefinitions } from '../../report/policy-report-schema.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { findFreePorts } from '../free-ports.ts';
import { namespace } from '../manifests.ts';

const main = join(import.meta.dirname, '../../../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'daygate-audit-service-'));
const kubeconfig = join(folder, 'kubeconfig');
const history = join(folder, 'history');
const settings = join(folder, 'daygate.yaml');

let cluster: ControlPlane;
const children: ChildProcess[] = [];

async function grant(...readers: readonly string[]): Promise<void> {
  for (const reader of readers) {
    const { out } = await runProgram(['render', '--rbac', reader, '--settings', settings]);
    await cluster.kubectl(['apply', '-f', '-'], { input: out });
  }
}

beforeAll(async () => {
  writeFileSync(settings, 'profile: baseline\n');
  cluster = await startControlPlane({ controllers: false });
  for (const name of ['daygate-system', 'shop', 'leaving'])
    await cluster.kubectl(['apply', '-f', '-'], { input: namespace(name) });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'daygate-audit' } };
  await cluster.kubectl(['apply', '-n', 'daygate-system', '-f', '-'], { input: account });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } };
  const spec = { containers: [{ name: 'app', image: 'shop:latest', securityContext: { privileged: true } }] };
  for (const name of ['shop', 'leaving'])
    await cluster.kubectl(['apply', '-n', name, '-f', '-'], { input: { ...pod, spec } });
  await grant('audit');
  const { stdout } = await cluster.kubectl(['create', 'token', 'daygate-audit', '-n', 'daygate-system']);
  const config = {
    clusters: [
      { name: 'c', cluster: { server: cluster.serverUrl, 'certificate-authority': cluster.caFile } },
    ],
    users: [{ name: 'u', user: { token: stdout.trim() } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
});

afterEach(async () => {
  for (const child of children.splice(0)) await stop(child);
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

const about = ['--kubeconfig', kubeconfig, '--cluster', 'prod', '--settings', settings];

interface Service {
  readonly get: (path: string) => Promise<{ readonly status: number; readonly body: string }>;
  readonly child: ChildProcess;
  readonly log: () => string;
}

async function serveAudits(...more: readonly string[]): Promise<Service> {
  const [port = 0] = await findFreePorts(1);
  const args = ['audit', ...about, '--every', '10s', '--listen', `127.0.0.1:${port}`, ...more];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const get = async (path: string): Promise<{ status: number; body: string }> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'error' });
    return { status: answer.status, body: await answer.text() };
  };
  await until(async () => {
    expect(child.exitCode, log).toBe(null);
    expect((await get('/livez')).status).toBe(200);
  });
  return { get, child, log: () => log };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  return child.exitCode;
}

const until = (what: () => Promise<void>): Promise<void> =>
  vi.waitFor(what, { timeout: 60_000, interval: 200 });

it('answers the page and the metrics, tells what is forbidden since, and goes on where settings are wrong', async () => {
  const { get, child, log } = await serveAudits('--history', history, '--keep', '2');
  await until(async () => expect(await get('/readyz')).toMatchObject({ status: 200 }));
  const report = JSON.parse((await get('/report.json')).body) as {
    errors: object[];
    findings: { policy: string; object: { namespace?: string } }[];
  };
  expect(report.errors).toEqual([]);
  const privileged = report.findings.filter(({ policy }) => policy === 'forbid-privileged');
  expect(privileged.map(({ object }) => object.namespace)).toEqual(['leaving', 'shop']);
  expect((await get('/')).body).toContain('forbid-privileged');
  const { body } = await get('/metrics');
  expect(body).toContain('daygate_audit_findings{policy="forbid-privileged",action="deny"} 2\n');
  expect(body).toContain('daygate_audit_incomplete_kinds 0\n');
  expect(body).toContain('process_resident_memory_bytes');

  const withoutPods = (await runProgram(['render', '--rbac', 'audit', '--settings', settings])).out;
  await cluster.kubectl(['apply', '-f', '-'], { input: withoutPods.replace(/^ +- pods\n/m, '') });
  writeFileSync(settings, 'profile: [\n');
  await until(async () => {
    expect((await get('/metrics')).body).toContain('daygate_audit_incomplete_kinds 1\n');
    expect((await get('/readyz')).body).toMatch(
      /^ok\n(?:.*\n)*settings: the settings or policies cannot be used/,
    );
  });
  const incomplete = (await get('/report.json')).body;
  expect(incomplete).toContain('"state": "forbidden"');
  expect(incomplete).toContain('not allowed to list pods (403)');
  expect(readdirSync(history).length).toBeLessThanOrEqual(2);
  writeFileSync(settings, 'profile: baseline\n');
  await grant('audit');
  await until(async () => {
    expect((await get('/metrics')).body).toContain('daygate_audit_incomplete_kinds 0\n');
    expect((await get('/readyz')).body).not.toContain('settings');
  });
  expect(await stop(child)).toBe(0);
  expect(log()).toContain('"message":"ended"');

  // Nobody may read anything now: what is served is what is in the history.
  await cluster.kubectl(['delete', 'clusterrolebinding', 'daygate-audit']);
  const again = await serveAudits('--history', history);
  expect((await again.get('/')).body).toMatch(/this is the audit of 2|forbid-privileged/);
  expect((await again.get('/report.json')).status).toBe(200);
  await grant('audit');
}, 180_000);

it('writes PolicyReports, replaces them, and removes those of namespaces that are gone', async () => {
  const write = [main, 'audit', ...about, '--write-policy-reports', '--fail-on', 'none'];
  const run = async (): Promise<{ code: number | null; said: string }> => {
    const child = spawn(process.execPath, write, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(child, 'close');
    return { code: child.exitCode, said };
  };
  const reports = async (): Promise<readonly string[]> => {
    const { stdout } = await cluster.kubectl([
      ...['get', 'policyreports.wgpolicyk8s.io', '-A', '--no-headers', '-o'],
      'custom-columns=N:.metadata.namespace,NAME:.metadata.name,F:.summary.fail',
    ]);
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' ').trim());
  };
  await grant('audit');
  const without = await run();
  expect(without.code).toBe(2);
  expect(without.said).toContain('not allowed to list clusterpolicyreports.wgpolicyk8s.io (403)');
  await grant('policy-reports');
  const none = await run();
  expect(none.code).toBe(2);
  expect(none.said).toContain('it serves no clusterpolicyreports of wgpolicyk8s.io/v1alpha2: install');
  for (const input of policyReportDefinitions) await cluster.kubectl(['apply', '-f', '-'], { input });
  const wait = ['wait', '--for=condition=Established', '--timeout=30s', 'crd'];
  await cluster.kubectl([...wait, 'policyreports.wgpolicyk8s.io', 'clusterpolicyreports.wgpolicyk8s.io']);
  const first = await run();
  expect(first.code).toBe(0);
  expect(first.said).toMatch(/\d PolicyReports written, 0 removed/);
  const before = await reports();
  expect(before).toEqual(expect.arrayContaining([expect.stringMatching(/^leaving daygate [1-9]/)]));
  const byHand = {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    metadata: { name: 'by-hand' },
  };
  await cluster.kubectl(['apply', '-n', 'shop', '-f', '-'], { input: byHand });
  await cluster.kubectl(['delete', 'pod', 'web', '-n', 'shop', '--grace-period=0', '--force']);
  writeFileSync(settings, 'profile: baseline\nexemptNamespaces: [leaving]\n');
  const second = await run();
  expect(second.code).toBe(0);
  expect(second.said).toMatch(/, 1 removed/);
  const after = await reports();
  expect(after.filter((line) => line.startsWith('leaving'))).toEqual([]);
  expect(after).toEqual(expect.arrayContaining(['shop by-hand <none>', 'shop daygate 0']));
}, 180_000);
