/** `daygate certs` on a real API server, with the rights of deploy/certs.yaml and no other. */
import { execFile, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { objectsOf } from '../../src/certs/objects.ts';
import { rotate } from '../../src/certs/rotate.ts';
import { openCluster } from '../../src/cluster/open-cluster.ts';
import { readCertificates } from '../../src/x509/read.ts';
import { failedOpen, isAsked, startTraffic } from './admission-traffic.ts';
import { apiClient, type ApiClient } from './api-client.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { findFreePorts } from './free-ports.ts';
import { namespace } from './manifests.ts';
import { mountSecret, type MountedSecret } from './mounted-secret.ts';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'src/main.ts');
const day = 86_400_000;
const account = 'system:serviceaccount:daygate-system:daygate-certs';
const names = {
  namespace: 'daygate-system',
  secret: 'daygate-tls',
  caSecret: 'daygate-ca',
  configuration: 'daygate',
};
const settings = `
enforcement: enforce
webhook: { failurePolicy: Fail }
policies:
  forbid-token-automount: { fix: true }
`;

let plane: ControlPlane;
let api: ApiClient;
let port = 0;
/** Of the service account. */
let kubeconfig = '';
const folder = mkdtempSync(join(tmpdir(), 'daygate-certs-'));
const cleanups: (() => Promise<void> | void)[] = [];

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function daygate(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: folder, timeout: 60_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 99, out, err });
    });
  });
}

/** As the Job and the CronJob run it; the API server reaches this daygate by an address. */
const certs = (...args: string[]): Promise<Ran> =>
  daygate('certs', '--kubeconfig', kubeconfig, '--name', '127.0.0.1', ...args);

/** Ends it as soon as it has told of so many writes. */
async function killedAfter(writes: number): Promise<void> {
  const child = spawn(process.execPath, [main, 'certs', '--kubeconfig', kubeconfig, '--name', '127.0.0.1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.on('data', (text: Buffer) => {
    told += String(text);
    if (told.split('\n').length > writes) child.kill('SIGKILL');
  });
  await once(child, 'exit');
}

/** The same in this process, at another time and with an overlap that a test can wait for. */
async function rotateAt(
  now: number,
  more: readonly string[] = [],
  overlapMs = 1000,
): Promise<readonly string[]> {
  const lines: string[] = [];
  await rotate({
    cluster: openCluster({ kubeconfig }),
    objects: objectsOf(names),
    rules: {
      names: ['daygate.daygate-system.svc', '127.0.0.1', ...more],
      leafDays: 90,
      caDays: 730,
      overlapMs,
    },
    now: () => now,
    tell: (line) => lines.push(line),
  });
  return lines;
}

/** Nothing serves at first, so these fail open; the stream of requests is about those that fail closed. */
const webhooksFile = join(folder, 'webhooks.yaml');
let rendered = '';
const applyManifests = async (...flags: string[]): Promise<void> => {
  await plane.kubectl(['apply', '-f', join(root, 'deploy/certs.yaml'), '-f', webhooksFile, ...flags]);
};

const configurationSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  webhooks: z.array(
    z.looseObject({ name: z.string(), clientConfig: z.looseObject({ caBundle: z.string().optional() }) }),
  ),
});
const secretSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
});
const admission = '/apis/admissionregistration.k8s.io/v1';
const paths = {
  validating: `${admission}/validatingwebhookconfigurations/daygate`,
  mutating: `${admission}/mutatingwebhookconfigurations/daygate`,
  tls: '/api/v1/namespaces/daygate-system/secrets/daygate-tls',
  ca: '/api/v1/namespaces/daygate-system/secrets/daygate-ca',
};

/** What the four objects hold. */
async function held() {
  const read = async (path: string): Promise<unknown> => (await api.call('GET', path)).body;
  const [validating, mutating] = await Promise.all(
    [paths.validating, paths.mutating].map(async (path) => configurationSchema.parse(await read(path))),
  );
  const [tls, ca] = await Promise.all(
    [paths.tls, paths.ca].map(async (path) => secretSchema.parse(await read(path))),
  );
  const webhooks = [...(validating?.webhooks ?? []), ...(mutating?.webhooks ?? [])];
  return {
    versions: [validating, mutating, tls, ca].map((object) => object?.metadata.resourceVersion),
    bundles: webhooks.map(({ clientConfig }) => clientConfig.caBundle),
    leaf: tls?.data?.['tls.crt'],
    // Compared only: a test that fails must print no key.
    digest: createHash('sha256')
      .update(JSON.stringify([webhooks, tls?.data, ca?.data]))
      .digest('hex'),
  };
}
const decoded = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
const cas = (base64?: string): number => readCertificates(decoded(base64)).length;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  api = apiClient(plane);
  cleanups.unshift(
    () => plane.stop(),
    () => api.close(),
  );
  [port = 0] = await findFreePorts(1);
  writeFileSync(join(folder, 'daygate.yaml'), settings);
  const { out } = await daygate('render', '--url', `https://127.0.0.1:${port}`);
  rendered = out;
  writeFileSync(webhooksFile, out.replaceAll('failurePolicy: Fail', 'failurePolicy: Ignore'));
  for (const object of [namespace('daygate-system'), namespace('shop')])
    await plane.kubectl(['apply', '-f', '-'], { input: object });
  await applyManifests();
  const token = await plane.kubectl(['create', 'token', 'daygate-certs', '-n', 'daygate-system']);
  kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: plane.serverUrl, 'certificate-authority': plane.caFile } }],
      users: [{ name: 'u', user: { token: token.stdout.trim() } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
});

afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
  rmSync(folder, { recursive: true });
});

async function serve(mount: MountedSecret): Promise<void> {
  const files = [
    '--cert',
    mount.file('tls.crt'),
    '--key',
    mount.file('tls.key'),
    '--ca',
    mount.file('ca.crt'),
  ];
  const child = spawn(
    process.execPath,
    [main, 'serve', ...files, '--host', '127.0.0.1', '--port', String(port), '--drain-seconds', '0'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  cleanups.unshift(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  await vi.waitFor(async () => expect(await shown()).toBeDefined(), { timeout: 20_000, interval: 50 });
}

/** The certificate that daygate shows now. */
async function shown(): Promise<string | undefined> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerX509Certificate() ?? {};
  socket.destroy();
  return fingerprint256;
}

/** Brings the Secret to the pod and waits until it serves it. */
async function spread(mount: MountedSecret): Promise<void> {
  await mount.sync();
  const { fingerprint256 } = new X509Certificate(readFileSync(mount.file('tls.crt')));
  await vi.waitFor(async () => expect(await shown()).toBe(fingerprint256), { timeout: 15_000, interval: 20 });
}

describe('the first run', () => {
  it('fills the Secrets and every caBundle, and the second changes nothing', async () => {
    const dry = await certs('--dry-run');
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect((await held()).leaf).toBeUndefined();
    const first = await certs();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^wrote a CA to secrets "daygate-ca" in namespace daygate-system/);
    const before = await held();
    expect(before.bundles.length).toBeGreaterThan(5);
    expect(new Set(before.bundles.map(cas))).toEqual(new Set([1]));
    expect(await certs()).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^nothing to do: /) as string,
    });
    expect(await held()).toEqual(before);
    expect(first.out + dry.out).not.toMatch(/PRIVATE KEY|BEGIN/);
  });

  it('is not undone by applying the manifests again, however that is done', async () => {
    const { digest } = await held();
    for (const flags of [[], ['--server-side', '--force-conflicts'], []]) {
      await applyManifests(...flags);
      expect((await held()).digest).toBe(digest);
    }
  });

  it('is done again for a webhook that was replaced', async () => {
    const { digest } = await held();
    await plane.kubectl(['replace', '-f', webhooksFile]);
    expect((await held()).bundles.every((bundle) => bundle === undefined)).toBe(true);
    expect((await certs()).out).toMatch(/^wrote the caBundle of \d+ webhooks/);
    expect((await held()).digest).toBe(digest);
  });

  it('may be ended by SIGKILL after any write, or run twice at once', async () => {
    const empty = async (): Promise<void> => {
      for (const path of [paths.tls, paths.ca])
        await api.call('PATCH', path, [{ op: 'remove', path: '/data' }], 'application/json-patch+json');
    };
    for (const writes of [1, 2, 3, 0]) {
      await empty();
      if (writes > 0) await killedAfter(writes);
      const ran = await Promise.all([certs(), certs()]);
      expect(ran.map(({ code, err }) => [code, err])).toEqual([[0, ''], [0, '']]); // prettier-ignore
      expect((await certs()).out).toMatch(/^nothing to do: /);
      const { bundles, leaf: chain } = await held();
      // What was trusted before is trusted until the new certificate has been there for the overlap.
      const [leaf] = readCertificates(decoded(chain));
      for (const bundle of bundles)
        expect(readCertificates(decoded(bundle)).some((ca) => leaf?.checkIssued(ca))).toBe(true);
    }
  });
});

describe('rights', () => {
  it('are enough for four objects and for nothing else', async () => {
    await plane.kubectl(['create', 'secret', 'generic', 'other', '-n', 'daygate-system']);
    const denied: readonly (readonly string[])[] = [
      ['get', 'secrets', '-n', 'daygate-system'],
      ['get', 'secret', 'other', '-n', 'daygate-system'],
      ['get', 'secret', 'daygate-tls', '-n', 'default'],
      ['create', 'secret', 'generic', 'daygate-new', '-n', 'daygate-system'],
      ['delete', 'secret', 'daygate-tls', '-n', 'daygate-system'],
      ['get', 'validatingwebhookconfigurations'],
      ['delete', 'validatingwebhookconfiguration', 'daygate'],
      ['get', 'validatingwebhookconfiguration', 'other'],
      ['get', 'pods', '-n', 'daygate-system'],
      ['get', 'configmaps', '-n', 'daygate-system'],
    ];
    for (const args of denied) {
      const { stderr } = await plane.kubectl([...args, '--as', account], { expectFailure: true });
      expect([args.join(' '), stderr]).toEqual([args.join(' '), expect.stringMatching(/forbidden/i)]);
    }
    const { stdout } = await plane.kubectl([
      'auth',
      'can-i',
      '--list',
      '--as',
      account,
      '-n',
      'daygate-system',
    ]);
    const rules = stdout.split('\n').filter((line) => /secrets|webhook/.test(line));
    expect(rules.map((line) => line.split(/ {2,}/).map((part) => part.trim()))).toEqual(
      expect.arrayContaining([
        ['secrets', '[]', '[daygate-tls]', '[get patch]'],
        ['secrets', '[]', '[daygate-ca]', '[get patch]'],
      ]),
    );
    expect(rules).toHaveLength(4);
  });

  it('that are missing are named, with verb and resource', async () => {
    await plane.kubectl(['delete', 'rolebinding', 'daygate-certs', '-n', 'daygate-system']);
    await vi.waitFor(async () => {
      const { code, err } = await certs();
      expect(code).toBe(2);
      expect(err).toMatch(
        /not allowed to get secrets "daygate-(?:ca|tls)" in namespace daygate-system \(403\): system:serviceaccount:daygate-system:daygate-certs needs a Role with the verb get on secrets/,
      );
    }, 20_000);
    await applyManifests();
    await vi.waitFor(async () => expect((await certs()).code).toBe(0), 20_000);
  });
});

describe('a cluster that creates pods all the time', () => {
  it('loses no call through 400 days, 20 certificates and 2 CAs', async () => {
    // All was made 500 days ago, and nothing has run since: the CronJob of today mends it.
    for (const path of [paths.tls, paths.ca])
      await api.call('PATCH', path, [{ op: 'remove', path: '/data' }], 'application/json-patch+json');
    await rotateAt(Date.now() - 500 * day);
    expect((await certs()).out).toContain('there is none that works');
    const mount = await mountSecret(api, 'daygate-system', 'daygate-tls');
    cleanups.unshift(() => mount.remove());
    await serve(mount);
    await plane.kubectl(['apply', '-f', '-'], { input: rendered });
    await vi.waitFor(async () => expect(await isAsked(api, 'shop')).toBe(true), 20_000);
    const openBefore = await failedOpen(plane);

    const load = startTraffic(api, 'shop');
    const done: string[] = [];
    const step = async (...more: string[]): Promise<void> => {
      const lines = await rotateAt(Date.now(), more);
      done.push(...lines.map((line) => line.split(/ to secrets| to \w+web/)[0] ?? ''));
      await spread(mount);
      // Certificates tell whole seconds, and what waits for them counts from the end of one.
      await sleep(2100);
    };
    // A CA that is due, and one whose key is lost.
    for (let index = 0; index < 3; index++) await step();
    await api.call('PATCH', paths.ca, [{ op: 'remove', path: '/data' }], 'application/json-patch+json');
    for (let index = 0; index < 3; index++) await step();
    for (let index = 0; index < 20; index++) await step(`pod-${index}`);
    const { calls, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(await failedOpen(plane)).toBe(openBefore);
    expect(calls).toBeGreaterThan(200);
    expect(done.filter((line) => line === 'wrote a certificate').length).toBeGreaterThanOrEqual(22);
    expect(done.filter((line) => line === 'wrote the next CA in the place of the current one')).toHaveLength(
      2,
    );
    const { bundles } = await held();
    expect(new Set(bundles.map(cas))).toEqual(new Set([1]));
  });

  it('would notice: a CA that leaves too early costs calls', async () => {
    const load = startTraffic(api, 'shop');
    await api.call('PATCH', paths.ca, [{ op: 'remove', path: '/data' }], 'application/json-patch+json');
    await api.call('PATCH', paths.tls, [{ op: 'remove', path: '/data' }], 'application/json-patch+json');
    await plane.kubectl(['replace', '-f', '-'], { input: rendered });
    await rotateAt(Date.now());
    // The pod still serves what the lost CA signed.
    await sleep(500);
    expect((await load.stop()).failures.join()).toContain('failed calling webhook');
  });
});
