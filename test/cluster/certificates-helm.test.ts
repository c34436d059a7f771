/** What `helm upgrade` does to certificates that `daygate certs` wrote into the objects of a chart. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectsOf, readContents } from '../../src/certs/objects.ts';
import { rotate } from '../../src/certs/rotate.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { openCluster } from '../../src/cluster/open-cluster.ts';
import type { Contents } from '../../src/certs/contents.ts';
import { secrets } from '../../src/cluster/resource.ts';
import { findBinaries } from './binaries.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';

const deploy = join(import.meta.dirname, '../../deploy');
// Apart: helm keeps what it learns of the API server at home, and takes all that lies in a chart for a part of it.
const [chart, home] = ['chart', 'home'].map((name) => mkdtempSync(join(tmpdir(), `daygate-${name}-`))) as [string, string]; // prettier-ignore
const objects = objectsOf({
  namespace: 'daygate-system',
  secret: 'daygate-tls',
  caSecret: 'daygate-ca',
  configuration: 'daygate',
});
let plane: ControlPlane;
let cluster: Cluster;
let helm: (...args: string[]) => Promise<unknown>;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  cluster = openCluster({ kubeconfig: plane.kubeconfig });
  const { helm: binary } = await findBinaries(['helm']);
  const run = promisify(execFile);
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: plane.kubeconfig };
  helm = (...args) => run(binary, [...args, '--namespace', 'daygate-system'], { env, timeout: 60_000 });
  mkdirSync(join(chart, 'templates'));
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: sample\nversion: 0.1.0\n');
  writeFileSync(join(chart, 'templates/certs.yaml'), readFileSync(join(deploy, 'certs.yaml')));
});
afterAll(async () => {
  for (const folder of [chart, home]) rmSync(folder, { recursive: true });
  await plane.stop();
});

/** The webhooks of the chart, as one version of it has them. */
function writeWebhooks(change: (text: string) => string): void {
  const text = readFileSync(join(deploy, 'chart/files/webhooks/observe.yaml'), 'utf8');
  writeFileSync(join(chart, 'templates/webhooks.yaml'), change(text));
}

/** Compared only: a test that fails must print no key. */
const digestOf = ({ ca, tls, configurations }: Contents): string =>
  createHash('sha256')
    .update(JSON.stringify([ca.data, tls.data, configurations.map(({ kind, webhooks }) => [kind, webhooks])]))
    .digest('hex');

describe.each(['true', 'false'])('helm with --server-side=%s', (serverSide) => {
  it('leaves contents and caBundles alone, and a webhook that is new is filled in', async () => {
    const lines: string[] = [];
    const run = () =>
      rotate({
        cluster,
        objects,
        rules: { names: ['daygate.daygate-system.svc'], leafDays: 90, caDays: 730, overlapMs: 3_600_000 },
        now: () => Date.now(),
        tell: (line) => lines.push(line),
      });
    const flag = `--server-side=${serverSide}`;
    writeWebhooks((text) => text);
    await helm('install', 'daygate', chart, '--create-namespace', flag);
    await run();
    const filled = await readContents(cluster, objects);
    expect(Object.keys(filled.tls.data).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
    const before = digestOf(filled);

    await helm('upgrade', 'daygate', chart, flag);
    expect(digestOf(await readContents(cluster, objects))).toBe(before);

    writeWebhooks((text) => text.replaceAll('timeoutSeconds: 5', 'timeoutSeconds: 7'));
    await helm('upgrade', 'daygate', chart, flag);
    expect(digestOf(await readContents(cluster, objects))).toBe(before);
    const { stdout } = await plane.kubectl([
      'get',
      'validatingwebhookconfiguration',
      'daygate',
      '-o',
      'yaml',
    ]);
    expect(stdout).toContain('timeoutSeconds: 7');

    // A webhook that was called otherwise is a new one.
    writeWebhooks((text) => text.replace('baseline.advise.daygate.dev', 'team.advise.daygate.dev'));
    await helm('upgrade', 'daygate', chart, flag);
    const bundles = async (): Promise<readonly string[]> =>
      (await readContents(cluster, objects)).configurations.flatMap(({ webhooks }) =>
        webhooks.map(({ caBundle }) => caBundle),
      );
    expect((await bundles()).filter((bundle) => bundle === '')).toHaveLength(1);
    lines.length = 0;
    await run();
    expect(lines).toEqual([expect.stringMatching(/^wrote the caBundle of 1 webhook/)]);
    expect(new Set(await bundles()).size).toBe(1);

    await helm('uninstall', 'daygate');
    const gone = await plane.kubectl(['get', 'secrets', '-n', 'daygate-system', '-o', 'name']);
    expect(gone.stdout).toBe('');
  });
});

describe('kubernetes.io/tls', () => {
  it('is no type for a Secret that is applied empty', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'typed', namespace: 'default' },
      type: 'kubernetes.io/tls',
    };
    const apply = (data: object, expectFailure = false) =>
      plane.kubectl(['apply', '-f', '-'], { input: { ...secret, ...data }, expectFailure });
    expect((await apply({}, true)).stderr).toContain('Required value');
    const empty = { data: { 'tls.crt': '', 'tls.key': '' } };
    await apply(empty);
    const patch = JSON.stringify({ data: { 'tls.crt': btoa('filled') } });
    await plane.kubectl(['patch', 'secret', 'typed', '--type=merge', '-p', patch]);
    // So that applying the manifest again would take the certificate away.
    await apply(empty);
    const typed = await cluster.get({ ...secrets, namespace: 'default', name: 'typed' });
    expect(typed['data']).toEqual({ 'tls.crt': '', 'tls.key': '' });
  });
});
