import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { objectsOf } from '../../src/certs/objects.ts';
import { rotate } from '../../src/certs/rotate.ts';
import { openCluster } from '../../src/cluster/open-cluster.ts';
import { failedOpen } from '../cluster/admission-traffic.ts';
import { apiClient, type ApiClient } from '../cluster/api-client.ts';
import { startControlPlane, type ControlPlane } from '../cluster/control-plane.ts';
import { mountSecret, type MountedSecret } from '../cluster/mounted-secret.ts';
import { mountFiles, type Mount } from '../server/mounted-files.ts';
import { createsThrough, namespace, register, renderWebhooks } from './creates.ts';
import { startService, type Service } from './service.ts';
import { serveCommand, type ServedCommand } from './served-command.ts';
import { say, steadyLoad } from './steady-load.ts';

const long = process.env['FAULTS'] === 'long';
const rounds = long
  ? { restarts: 3, reloads: 20, leaves: 20, authorities: 2 }
  : { restarts: 1, reloads: 5, leaves: 5, authorities: 1 };

/** In which the API server hears of a CA: a busy machine takes seconds for it. */
const overlapMs = 3000;
const own = 'daygate-system';
const names = { namespace: own, secret: 'daygate-tls', caSecret: 'daygate-ca', configuration: 'daygate' };

let cluster: ControlPlane;
let api: ApiClient;
/** Connections of its own, so that what is done does not queue behind the load. */
let loadApi: ApiClient;
let service: Service;
let secret: MountedSecret;
let settings: Mount;
let replicas: ServedCommand[] = [];

/** Settings that differ in what nobody here is judged by. */
const settingsFiles = (version: number): Record<string, string> => ({
  'daygate.yaml': `
webhook: { failurePolicy: Fail }
policies:
  require-seccomp-profile: { fix: true }
  require-replicas: { params: { min: ${version + 2} } }
`,
});

/** As `daygate certs` runs it, but with an overlap that a test can wait for. Returns what was written. */
async function rotateNow(...moreNames: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await rotate({
    cluster: openCluster({ kubeconfig: cluster.kubeconfig }),
    objects: objectsOf(names),
    rules: {
      names: ['daygate.daygate-system.svc', '127.0.0.1', ...moreNames],
      leafDays: 90,
      caDays: 730,
      overlapMs,
    },
    now: Date.now,
    tell: (line) => lines.push(line),
  });
  return lines;
}

/** A rotation, what the kubelet then does, and the time after which the next one may follow. */
async function rotateAndSpread(...moreNames: readonly string[]): Promise<readonly string[]> {
  const lines = await rotateNow(...moreNames);
  await secret.sync();
  // Certificates tell whole seconds, and what waits for them counts from the end of one.
  await sleep(overlapMs + 1_100);
  return lines;
}

async function startReplica(): Promise<ServedCommand> {
  const certificate = {
    cert: secret.file('tls.crt'),
    key: secret.file('tls.key'),
    ca: secret.file('ca.crt'),
  };
  const flags = ['--drain-seconds', '5'];
  const replica = await serveCommand({ certificate, settingsFile: settings.path('daygate.yaml'), flags });
  service.add(replica.port);
  await service.untilReady(replica.port);
  return replica;
}

beforeAll(async () => {
  cluster = await startControlPlane({ controllers: false });
  api = apiClient(cluster);
  loadApi = apiClient(cluster, 50);
  const object = (kind: string, name: string, inNamespace?: string): object => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(inNamespace === undefined ? {} : { namespace: inNamespace }) },
  });
  const objects = [
    object('Namespace', own),
    object('Namespace', namespace),
    object('Secret', names.secret, own),
    object('Secret', names.caSecret, own),
  ];
  for (const one of objects) await cluster.kubectl(['apply', '-f', '-'], { input: one });
  settings = mountFiles(settingsFiles(0));
  service = await startService();
  const rendered = renderWebhooks(settings.path('daygate.yaml'), service.url);
  // Nothing serves yet: they must not fail closed before there is somebody to ask.
  await cluster.kubectl(['apply', '-f', '-'], { input: rendered.replaceAll('failurePolicy: Fail', 'failurePolicy: Ignore') }); // prettier-ignore
  await rotateNow();
  secret = await mountSecret(api, own, names.secret);
  replicas = [await startReplica(), await startReplica()];
  await register(cluster, api, rendered);
});

afterAll(async () => {
  for (const replica of replicas) await replica.stop();
  api.close();
  loadApi.close();
  await service.close();
  await cluster.stop();
  settings.remove();
  secret.remove();
});

/** Two replicas take the place of the two there are, one after the other, as a Deployment does it. */
async function restartAll(): Promise<void> {
  for (const old of [...replicas]) {
    replicas.push(await startReplica());
    replicas.splice(replicas.indexOf(old), 1);
    await old.stop();
    service.remove(old.port);
  }
}

async function reload(version: number): Promise<void> {
  settings.swap(settingsFiles(version));
  const reloaded = (): Promise<readonly number[]> =>
    Promise.all(replicas.map(({ metric }) => metric('daygate_settings_reloads_total', 'result="ok"')));
  await vi.waitFor(async () => expect(Math.min(...(await reloaded()))).toBe(version), { timeout: 20_000 });
}

it(`${rounds.leaves} leaf and ${rounds.authorities} CA rotations, ${rounds.restarts} rolling restarts and ${rounds.reloads} reloads cost no call`, async () => {
  const openBefore = await failedOpen(cluster);
  const load = steadyLoad(createsThrough(loadApi));
  const phase = async (name: string, run: () => Promise<void>): Promise<void> => {
    const began = load.elapsed();
    await run();
    process.stdout.write(`${name}: ${((load.elapsed() - began) / 1000).toFixed(1)} s under load\n`);
  };
  const written: string[] = [];
  await phase(`${rounds.reloads} reloads`, async () => {
    for (let version = 1; version <= rounds.reloads; version++) await reload(version);
  });
  await phase(`${rounds.restarts} rolling restarts of two replicas`, async () => {
    for (let round = 0; round < rounds.restarts; round++) await restartAll();
  });
  await phase(`${rounds.leaves} leaf and ${rounds.authorities} CA rotations`, async () => {
    for (let round = 0; round < rounds.authorities; round++) {
      // A CA whose key is lost has to be replaced, which takes three runs.
      const path = `/api/v1/namespaces/${own}/secrets/${names.caSecret}`;
      await api.call('PATCH', path, [{ op: 'remove', path: '/data' }], 'application/json-patch+json');
      for (let run = 0; run < 4; run++) written.push(...(await rotateAndSpread()));
    }
    for (let round = 0; round < rounds.leaves; round++) written.push(...(await rotateAndSpread(`${randomUUID()}.example`))); // prettier-ignore
  });
  // In a second of calm, whatever comes late shows.
  await sleep(1000);
  const report = await load.stop();
  say('rotations, restarts and reloads behind the API server', report);
  expect(report.failures).toEqual([]);
  expect(report.calls).toBeGreaterThan(2000);
  // With failurePolicy Fail none may; it would not be seen in the answers.
  expect(await failedOpen(cluster)).toBe(openBefore);
  const count = (what: string): number => written.filter((line) => line.startsWith(what)).length;
  expect(count('wrote a certificate')).toBeGreaterThanOrEqual(rounds.leaves + rounds.authorities);
  expect(count('wrote the next CA in the place of the current one')).toBe(rounds.authorities);
});
