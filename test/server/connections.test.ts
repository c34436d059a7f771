import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { connect as connectPlainly, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { client, start, type Running } from './harness.ts';
import { admissionReview } from './reviews.ts';

let server: Running;
const wait = { timeout: 15_000 };
const sockets: { destroy: () => unknown }[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.end();
});

async function idle(): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: server.server.port, rejectUnauthorized: false });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  socket.resume();
  return socket;
}

describe('connections', () => {
  it('that were used least recently make room for new ones, and callers that are served stay', async () => {
    server = await start({ limits: { connections: 6 } });
    const good = client(() => server.server.url, server.server.caPem, { maxSockets: 1 });
    const first = await good.review(admissionReview());
    expect(first.status).toBe(200);
    const [socket] = Object.values(good.agent.freeSockets).flat();
    // Half-open handshakes count, too.
    const half = connectPlainly(server.server.port, '127.0.0.1');
    sockets.push(half);
    half.on('error', () => undefined);
    await once(half, 'connect');
    const opened: TLSSocket[] = [];
    for (let i = 0; i < 20; i++) {
      opened.push(await idle());
      expect((await good.review(admissionReview())).status).toBe(200);
    }
    expect(Object.values(good.agent.freeSockets).flat()).toEqual([socket]);
    await vi.waitFor(() => expect(opened.filter(({ closed }) => !closed)).toHaveLength(5), wait);
    expect(half.closed).toBe(true);
    expect(opened.slice(-5).map(({ closed }) => closed)).toEqual([false, false, false, false, false]);
    const metrics = (await good.call('/metrics')).text;
    expect(metrics).toContain('\ndaygate_connections 6\n');
    expect(metrics).toContain('\ndaygate_connections_dropped_total 16\n');
    good.close();
  });
});

describe('a connection that had an answer', () => {
  it('stays while there are those that had none, however long ago that was', async () => {
    server = await start({ limits: { connections: 6 } });
    const good = client(() => server.server.url, server.server.caPem, { maxSockets: 1 });
    await good.review(admissionReview());
    const [socket] = Object.values(good.agent.freeSockets).flat();
    for (let i = 0; i < 20; i++) await idle();
    expect((await good.review(admissionReview())).status).toBe(200);
    expect(Object.values(good.agent.freeSockets).flat()).toEqual([socket]);
    good.close();
  });
});

describe('a new connection', () => {
  it('takes the place of the one used least recently also where all have had answers', async () => {
    server = await start({ limits: { connections: 3 } });
    const callers = Array.from({ length: 4 }, () =>
      client(() => server.server.url, server.server.caPem, { maxSockets: 1 }),
    );
    for (const one of callers) expect((await one.call('/livez')).status).toBe(200);
    const kept = (): readonly boolean[] =>
      callers.map(({ agent }) => Object.values(agent.freeSockets).flat().length === 1);
    await vi.waitFor(() => expect(kept()).toEqual([false, true, true, true]), wait);
    for (const one of callers) one.close();
  });
});

describe('a handshake', () => {
  const half = async (): Promise<Socket> => {
    const socket = connectPlainly(server.server.port, '127.0.0.1');
    sockets.push(socket);
    socket.resume().on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };

  it('that comes to no end in time ends its connection', async () => {
    server = await start({ limits: { handshakeMs: 50 } });
    await once(await half(), 'close');
    await vi.waitFor(async () => expect(await server.metric('daygate_connections')).toBe(1), wait);
    expect(server.logText()).toContain('a handshake failed');
  });

  it('does not keep a server from ending', async () => {
    server = await start({ graceSeconds: 0.1 });
    const socket = await half();
    await vi.waitFor(async () => expect(await server.metric('daygate_connections')).toBe(2), wait);
    await Promise.all([once(socket, 'close'), server.end()]);
  });
});

describe('a call that is cut off', () => {
  it.each([100, 1_000_000])('is counted once: %j bytes were announced', async (length) => {
    server = await start();
    const socket = await idle();
    const head = `POST /validate/production HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}`;
    socket.write(`${head}\r\n\r\n{`);
    await vi.waitFor(async () => expect(await server.metric('daygate_connections')).toBe(2), wait);
    socket.destroy();
    await vi.waitFor(async () => expect(await server.metric('daygate_connections')).toBe(1), wait);
    expect(await server.metric('daygate_rejected_requests_total{reason="malformed-http"}')).toBe(1);
  });
});

describe('a caller that closes its half of the connection', () => {
  const send = async (text: string): Promise<string> => {
    const { port } = server.server;
    const options = { host: '127.0.0.1', port, rejectUnauthorized: false, allowHalfOpen: true };
    const socket = connect(options);
    sockets.push(socket);
    await once(socket, 'secureConnect');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.end(text);
    await once(socket, 'close');
    await vi.waitFor(async () => expect(await server.metric('daygate_connections')).toBe(1), wait);
    return answer;
  };
  const head = (length: number): string =>
    `POST /validate/production HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
  const body = JSON.stringify(admissionReview());

  it('behind a call gets its answer, and behind several all of them', async () => {
    server = await start();
    const one = `${head(body.length)}${body}`;
    expect(await send(one)).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*\r\n\{"kind":"AdmissionReview"/);
    expect((await send(`${one}${one}${one}`)).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
  });

  it('before or within a call is gone', async () => {
    server = await start();
    expect(await send('')).toBe('');
    expect(await send(`${head(body.length + 1)}${body}`)).not.toContain('200 OK');
    expect(await send('POST / HT')).not.toContain('200 OK');
  });
});

describe('a call that overloads the server', () => {
  it('is answered at once with 503 and when to ask again', async () => {
    server = await start({ limits: { receivedBytes: 100 } });
    const { status, headers } = await server.review(admissionReview());
    expect([status, headers['retry-after'], headers['connection']]).toEqual([503, '1', 'keep-alive']);
    expect(await server.metric('daygate_rejected_requests_total{reason="overloaded"}')).toBe(1);
  });
});
