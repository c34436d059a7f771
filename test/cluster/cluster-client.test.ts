import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { openCluster } from '../../src/cluster/open-cluster.ts';
import { secrets, validatingWebhookConfigurations, type ObjectRef } from '../../src/cluster/resource.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { findFreePorts } from './free-ports.ts';

let plane: ControlPlane;
let cluster: Cluster;
let nobody: Cluster;
const folder = mkdtempSync(join(tmpdir(), 'daygate-kubeconfig-'));
const sample: ObjectRef = { ...secrets, namespace: 'default', name: 'sample' };

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false });
  cluster = openCluster({ kubeconfig: plane.kubeconfig });
  nobody = openCluster({ kubeconfig: await plane.kubeconfigFor({ name: 'nobody' }) });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await plane.stop();
});

/** A kubeconfig of one user at an address. */
function kubeconfig(name: string, server: string, user: object, more: object = {}): string {
  const file = join(folder, name);
  const text = {
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority': plane.caFile, ...more } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(file, JSON.stringify(text));
  return file;
}

describe('the API server', () => {
  it('gives objects as they are, lists in pages, and makes, patches and removes', async () => {
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'sample' }, data: { a: btoa('1') } };
    await cluster.create({ ...secrets, namespace: 'default' }, object);
    expect(await cluster.get(sample)).toMatchObject({ data: { a: btoa('1') } });
    await cluster.patch(sample, { data: { b: btoa('2') } }, { dryRun: true });
    expect(await cluster.get(sample)).toMatchObject({ data: { a: btoa('1') } });
    await cluster.patch(sample, [{ op: 'add', path: '/data/b', value: btoa('2') }], { type: 'json' });
    expect(await cluster.get(sample)).toMatchObject({ data: { a: btoa('1'), b: btoa('2') } });
    const page = await cluster.list({ group: '', version: 'v1', resource: 'namespaces' }, { limit: 1 });
    expect(page).toMatchObject({ items: [{}], metadata: { continue: expect.stringMatching(/./) as string } });
    await cluster.remove(sample);
    await expect(cluster.get(sample)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('secrets "sample" in namespace default not found (404)') as string,
    });
  });

  it('refuses a patch of what was changed meanwhile', async () => {
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'sample' } };
    await cluster.create({ ...secrets, namespace: 'default' }, object);
    const stale = { metadata: { resourceVersion: '1' }, data: { a: btoa('1') } };
    for (const type of ['merge', 'strategic'] as const) {
      await expect(cluster.patch(sample, stale, { type })).rejects.toMatchObject({ status: 409 });
    }
    await expect(cluster.create({ ...secrets, namespace: 'default' }, object)).rejects.toThrow(
      'there is one of secrets in namespace default with this name already (409)',
    );
    await cluster.remove(sample);
  });

  it('says which verb on which resource is missing', async () => {
    await expect(nobody.get(sample)).rejects.toThrow(
      'not allowed to get secrets "sample" in namespace default (403): nobody needs a Role with the verb get on secrets; kubectl auth can-i get secrets/sample -n default --as nobody tells whether it has',
    );
    const configuration = { ...validatingWebhookConfigurations, name: 'daygate' };
    await expect(nobody.patch(configuration, {})).rejects.toThrow(
      'nobody needs a ClusterRole with the verb patch on validatingwebhookconfigurations.admissionregistration.k8s.io; kubectl auth can-i patch validatingwebhookconfigurations.admissionregistration.k8s.io/daygate --as nobody tells',
    );
  });

  it('tells what changes, until the time is up or it is told to end', async () => {
    const namespaces = { group: '', version: 'v1', resource: 'namespaces' };
    const list = await cluster.list(namespaces);
    const { resourceVersion } = list['metadata'] as { resourceVersion: string };
    const end = new AbortController();
    const options = { resourceVersion, lastsSeconds: 60, signal: end.signal };
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { type, object } of await cluster.watch(namespaces, options)) {
        seen.push(`${type} ${(object['metadata'] as { name: string }).name}`);
        if (type === 'MODIFIED') break;
      }
    })();
    await cluster.create(namespaces, { metadata: { name: 'watched' } });
    await cluster.patch({ ...namespaces, name: 'watched' }, { metadata: { labels: { a: 'b' } } });
    await reading;
    expect(seen).toEqual(['ADDED watched', 'MODIFIED watched']);
    // In order, after a second.
    const short = await cluster.watch(namespaces, { ...options, lastsSeconds: 1 });
    for await (const { type } of short) seen.push(type);
    expect(seen.slice(2, 4)).toEqual(['ADDED', 'MODIFIED']);
    const silent = await cluster.watch({ ...namespaces, resource: 'configmaps' }, options);
    const iterator = silent[Symbol.asyncIterator]();
    const waiting = iterator.next().catch(String);
    setTimeout(() => end.abort(), 50);
    expect(await waiting).toContain('ClusterError');
    await expect(nobody.watch(namespaces, options)).rejects.toBeInstanceOf(Error);
    const other = { ...options, signal: new AbortController().signal };
    await expect(nobody.watch(namespaces, other)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining(
        'nobody needs a ClusterRole with the verb watch on namespaces; kubectl auth can-i watch namespaces --all-namespaces --as nobody tells',
      ) as string,
    });
  });

  it('quotes nothing of a Secret that it refuses', async () => {
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'UPPER' }, data: { a: 'c2VjcmV0' } };
    const wrong = { ...object, metadata: { name: 'sample' }, data: { a: 'no base64: hunter2' } };
    for (const one of [object, wrong]) {
      const failure = await cluster.create({ ...secrets, namespace: 'default' }, one).catch(String);
      expect(failure).toMatch(/create of secrets in namespace default failed with 4\d\d/);
      expect(failure).not.toMatch(/hunter2|c2VjcmV0/);
    }
  });
});

describe('an API server that cannot be asked', () => {
  const token = { token: 'planted-token-value' };
  const ask = async (file: string, timeoutSeconds?: number): Promise<string> =>
    openCluster({ kubeconfig: file, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) })
      .get(sample)
      .then(
        () => 'it answered',
        (error: unknown) => String(error),
      );

  it('is told apart by what is wrong, without any credential', async () => {
    const [port = 0] = await findFreePorts(1);
    const said = {
      wrongToken: await ask(kubeconfig('token', plane.serverUrl, token)),
      nothingThere: await ask(kubeconfig('closed', `https://127.0.0.1:${port}`, token)),
      noHost: await ask(kubeconfig('host', 'https://nowhere.invalid', token)),
      wrongName: await ask(kubeconfig('name', plane.serverUrl, token, { 'tls-server-name': 'elsewhere' })),
      program: await ask(
        kubeconfig('exec', plane.serverUrl, {
          exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'daygate-no-such-program' },
        }),
      ),
      talkative: await ask(
        kubeconfig('talk', plane.serverUrl, {
          exec: { command: 'sh', args: ['-c', 'echo planted-token-value >&2; exit 1'] },
        }),
      ),
    };
    expect(said.wrongToken).toContain('it does not know who asks (401)');
    expect(said.nothingThere).toContain('nothing listens there');
    expect(said.noHost).toMatch(/no such host|cannot be looked up/);
    expect(said.wrongName).toContain('its certificate is for other names');
    expect(said.program).toContain('the program that the kubeconfig logs in with cannot be run (ENOENT)');
    expect(said.talkative).toContain('logging in failed');
    expect(JSON.stringify(said)).not.toContain('planted-token-value');
  });

  it('is not waited for longer than the limit', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    expect(await ask(kubeconfig('silent', `https://127.0.0.1:${port}`, token), 0.2)).toContain(
      'no answer within 0.2 seconds',
    );
    const waits = kubeconfig('waits', plane.serverUrl, { exec: { command: 'sleep', args: ['2'] } });
    expect(await ask(waits, 0.2)).toContain('no answer within 0.2 seconds');
    silent.close();
  });
});
