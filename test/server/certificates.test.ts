import { rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readCertificate } from '../../src/server/certificate.ts';
import { selfSigned } from '../../src/server/self-signed.ts';
import { watchedCertificate } from '../../src/server/tls.ts';
import { client, start, type Running } from './harness.ts';
import { load } from './load.ts';
import { mountFiles } from './mounted-files.ts';
import { makeCa, makeLeaf, newFolder, writePems, type Pair } from './pems.ts';
import { admissionReview } from './reviews.ts';

let ca: Pair;
beforeAll(async () => {
  ca = await makeCa();
});

/** The certificate that a new connection is shown. */
async function shown(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const pem = socket.getPeerX509Certificate()?.toString() ?? '';
  socket.destroy();
  return pem.trim();
}

const secretOf = ({ cert, key }: Pair) => ({ 'tls.crt': cert, 'tls.key': key, 'ca.crt': ca.cert });

describe('certificates that are rotated under load', () => {
  it('20 times cost no call, and new connections see the new one each time', async () => {
    const mount = mountFiles(secretOf(await makeLeaf(ca)));
    const [cert, key] = [mount.path('tls.crt'), mount.path('tls.key')];
    const server = await start({ tls: { cert, key, ca: mount.path('ca.crt') } });
    const keepAlive = client(() => server.server.url, ca.cert);
    const traffic = load(8, () => keepAlive);
    // A caller that makes a connection for each call meets every state of the server.
    const handshakes = client(() => server.server.url, ca.cert, { keepAlive: false });
    const fresh = load(2, () => handshakes);
    for (let rotation = 0; rotation < 20; rotation++) {
      const leaf = await makeLeaf(ca);
      mount.swap(secretOf(leaf));
      await vi.waitFor(async () => expect(await shown(server.server.port)).toBe(leaf.cert.trim()), {
        timeout: 15_000,
        interval: 10,
      });
    }
    const results = [await traffic.stop(), await fresh.stop()];
    expect(results.map(({ failures }) => failures)).toEqual([[], []]);
    expect(results.every(({ calls }) => calls > 50)).toBe(true);
    expect(await server.metric('daygate_certificate_reloads_total{result="ok"}')).toBe(20);
    expect(await server.metric('daygate_certificate_reload_failed')).toBe(0);
    keepAlive.close();
    await server.end();
    mount.remove();
  });
});

describe('certificate files', () => {
  let server: Running;
  let folder: string;
  let leaf: Pair;
  beforeAll(async () => {
    folder = newFolder();
    leaf = await makeLeaf(ca);
    server = await start({ tls: writePems(leaf, ca, undefined, folder) });
  });
  afterAll(() => server.end());
  const failed = (): Promise<number> => server.metric('daygate_certificate_reload_failed');

  const faults: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      'a key of another certificate',
      async () => writeFileSync(join(folder, 'tls.key'), (await makeLeaf(ca)).key),
      /tls\.key: is not the key of/,
    ],
    [
      'half a certificate',
      () => writeFileSync(join(folder, 'tls.crt'), leaf.cert.slice(0, 200)),
      /tls\.crt: holds no certificate/,
    ],
    [
      'garbage between the marks',
      () => writeFileSync(join(folder, 'tls.crt'), leaf.cert.replace(/[A-Z]{4}/g, 'AAAA')),
      /tls\.crt: /,
    ],
    ['a file that is gone', () => rmSync(join(folder, 'tls.key')), /tls\.key: no such file or folder/],
    [
      'a certificate that has ended',
      async () => void writePems(await makeLeaf(ca, new Date('2020-01-31T12:00:00Z')), ca, undefined, folder),
      /tls\.crt: is not valid now, but from 1970-01-01T00:00:00Z to 2020-01-31T12:00:00Z/,
    ],
    ['an empty key', () => writeFileSync(join(folder, 'tls.key'), ''), /tls\.key: /],
  ];
  it.each(faults)('that hold %s change nothing, and the fault is told once', async (_name, spoil, says) => {
    const logged = (): number =>
      server.log().filter(({ reason }) => typeof reason === 'string' && says.test(reason)).length;
    const before = logged();
    await spoil();
    await vi.waitFor(async () => expect(await failed()).toBe(1), { timeout: 15_000 });
    expect(await shown(server.server.port)).toBe(leaf.cert.trim());
    expect((await server.call('/readyz', {})).status).toBe(200);
    // An event that changes nothing about the fault.
    writeFileSync(join(folder, 'other'), String(Math.random()));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(logged()).toBe(before + 1);
    writePems(leaf, ca, undefined, folder);
    await vi.waitFor(async () => expect(await failed()).toBe(0), { timeout: 15_000 });
  });

  it('that become unusable before anybody listens are told of to who does', async () => {
    const files = writePems(leaf, ca, undefined, newFolder());
    const source = watchedCertificate(files, Date.now, { settleMs: 1, pollMs: 10 });
    writeFileSync(files.key, '');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const reasons: string[] = [];
    source.onChange(
      () => undefined,
      (reason) => reasons.push(reason),
    );
    source.close();
    expect(reasons).toEqual([expect.stringContaining('tls.key: ')]);
  });

  it('that did not change are not loaded again', async () => {
    const reloads = 'daygate_certificate_reloads_total{result="ok"}';
    const before = await server.metric(reloads);
    writeFileSync(join(folder, 'other'), 'a file that means nothing');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await server.metric(reloads)).toBe(before);
  });

  it('are refused at the start with the file that is wrong', () => {
    const bad = writePems(leaf, undefined, undefined, newFolder());
    writeFileSync(bad.key, 'no key');
    expect(() => readCertificate(bad)).toThrow(
      expect.objectContaining({ code: 'certificate', file: bad.key }),
    );
    expect(() => readCertificate({ cert: '/nowhere/tls.crt', key: bad.key })).toThrow(
      '/nowhere/tls.crt: no such file or folder',
    );
  });

  it('tell when leaf and CA end', async () => {
    const { leafExpiry, caExpiry } = readCertificate(writePems(leaf, ca, undefined, newFolder()));
    expect(await server.metric('daygate_certificate_expiry_timestamp_seconds{certificate="leaf"}')).toBe(
      leafExpiry / 1000,
    );
    expect(await server.metric('daygate_certificate_expiry_timestamp_seconds{certificate="ca"}')).toBe(
      (caExpiry ?? 0) / 1000,
    );
  });

  it('count the CA that lasts longer while two overlap', async () => {
    const [short, long] = [new Date('2030-01-01'), new Date('2035-01-01')];
    const bundle = `${(await makeCa(short)).cert}\n${(await makeCa(long)).cert}\n${(await makeCa(short)).cert}`;
    const files = writePems(leaf, { cert: bundle, key: '' }, undefined, newFolder());
    expect(readCertificate(files).caExpiry).toBe(long.getTime());
    const chain = writePems(
      { cert: `${leaf.cert}\n${(await makeCa(short)).cert}`, key: leaf.key },
      undefined,
      undefined,
      newFolder(),
    );
    expect(readCertificate(chain).caExpiry).toBe(short.getTime());
  });
});

describe('a client CA', () => {
  it.each(['', 'garbage'])(
    'of which the file holds only %j never stands for all CAs there are',
    async (text) => {
      const clientCa = await makeCa();
      const files = writePems(await makeLeaf(ca), ca, clientCa);
      const guarded = await start({ tls: files });
      const agent = new Agent({ ca: ca.cert, ...(await makeLeaf(clientCa)), keepAlive: false });
      const call = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(admissionReview()),
        agent,
      };
      writeFileSync(files.clientCa ?? '', text);
      await vi.waitFor(
        async () => expect(await guarded.metric('daygate_certificate_reload_failed')).toBe(1),
        5000,
      );
      expect((await guarded.call('/validate/production', call)).status).toBe(200);
      expect(() => readCertificate(files)).toThrow('client-ca.crt: holds no certificate');
      await guarded.end();
    },
  );
});

describe('readiness', () => {
  it('ends with the certificate', async () => {
    let now = Date.now();
    const server = await start({ now: () => now });
    expect((await server.call('/readyz')).status).toBe(200);
    now += 400 * 86_400_000;
    const { status, text } = await server.call('/readyz');
    expect(status).toBe(503);
    expect(text).toContain('[-]certificate failed: the certificate ended 35 days ago');
    now -= 34 * 86_400_000;
    expect((await server.call('/readyz')).text).toContain('the certificate ended 1 day ago');
    now -= 86_400_000;
    expect((await server.call('/readyz')).text).toContain('the certificate ended less than a day ago');
    now -= 86_400_000;
    expect((await server.call('/readyz?verbose')).text).toContain('ok: the certificate ends in 1 day\n');
    await server.end();
  });

  it('that the certificate keeps from coming is told where the server says that it serves', async () => {
    const ended = await makeCa(new Date(Date.now() - 3 * 86_400_000));
    const old = await start({ tls: writePems(await makeLeaf(ca), ended) });
    expect(old.log()).toMatchObject([
      { level: 'error', message: 'serving', certificate: 'its CA ended 3 days ago' },
    ]);
    await old.end();
    const good = await start();
    expect(good.log()).toMatchObject([{ level: 'info', message: 'serving', certificate: 'ok' }]);
    await good.end();
  });

  it('stays while the certificate works, and tells two weeks before its end', async () => {
    let now = Date.now();
    const server = await start({ now: () => now });
    now += 350 * 86_400_000;
    expect((await server.call('/readyz?verbose')).text).toContain('[+]certificate ok\n');
    now += 5 * 86_400_000;
    const { status, text } = await server.call('/readyz?verbose');
    expect(status).toBe(200);
    expect(text).toContain('[+]certificate ok: the certificate ends in 10 days');
    await server.end();
  });

  it('ends with a CA that ends before its certificate', async () => {
    const old = await makeCa(new Date(Date.now() - 3 * 86_400_000));
    const server = await start({ tls: writePems(await makeLeaf(ca), old) });
    const { status, text } = await client(() => server.server.url, undefined).call('/readyz');
    expect(status).toBe(503);
    expect(text).toContain('[-]certificate failed: its CA ended 3 days ago');
    await server.end();
  });
});

describe('a self-signed certificate', () => {
  it('is trusted for localhost, its addresses and the names given, through its CA alone', async () => {
    const server = await start({ tls: { selfSigned: ['daygate.daygate-system.svc', '10.0.0.7'] } });
    const trusts = (servername: string, caPem = server.server.caPem): Promise<boolean> =>
      new Promise((resolve) => {
        const socket: TLSSocket = connect(
          { host: '127.0.0.1', port: server.server.port, servername, ca: caPem ?? '' },
          () => {
            socket.destroy();
            resolve(true);
          },
        );
        socket.on('error', () => resolve(false));
      });
    expect(await trusts('localhost')).toBe(true);
    expect(await trusts('daygate.daygate-system.svc')).toBe(true);
    expect(await trusts('elsewhere.example.com')).toBe(false);
    expect(await trusts('localhost', ca.cert)).toBe(false);
    expect((await server.call('/livez')).status).toBe(200);
    await server.end();
  });

  it('lasts as long as it is asked to and holds no key of the CA', async () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    const made = await selfSigned({ now, validDays: 30 });
    expect(made.certificate.leafExpiry).toBe(now + 30 * 86_400_000);
    expect(made.certificate.caExpiry).toBe(made.certificate.leafExpiry);
    expect(JSON.stringify(made).match(/PRIVATE KEY/g)).toHaveLength(2);
  });
});
