import { once } from 'node:events';
import { Agent } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closeOnSignals } from '../../src/close-on-signals.ts';
import { createLifecycle } from '../../src/server/lifecycle.ts';
import { UserError } from '../../src/errors.ts';
import { client, start, type Running } from './harness.ts';
import { load } from './load.ts';
import { admissionReview } from './reviews.ts';

async function connected({ server: { port } }: Running): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

/** So long that only the test ends it. */
const drainSeconds = 1_000_000;

/** Returns what ends the drain of servers that are started after this. */
function holdDrain(): () => void {
  let end = (): void => undefined;
  const real = globalThis.setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((run: () => void, ms?: number) => {
    if (ms !== drainSeconds * 1000) return real(run, ms);
    end = run;
    return real(() => undefined);
  });
  return () => end();
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a server that ends under load', () => {
  it('fails no call of callers that are sent elsewhere in time', async () => {
    const endDrain = holdDrain();
    const [first, second] = [await start({ drainSeconds }), await start()];
    let onFirst = 0;
    const watched: Running = {
      ...first,
      review: async (review) => {
        onFirst += 1;
        return await first.review(review).finally(() => (onFirst -= 1));
      },
    };
    // What kube-proxy does: new calls go to whatever endpoint is still listed.
    let listed = watched;
    const traffic = load(20, () => listed);
    await traffic.more(100);
    const ended = first.server.close();
    // Word of it travels for a while; until then calls still come here.
    await traffic.more(100);
    listed = second;
    await vi.waitFor(() => expect(onFirst).toBe(0), 20_000);
    endDrain();
    await ended;
    await traffic.more(20);
    expect((await traffic.stop()).failures).toEqual([]);
    await expect(first.call('/livez')).rejects.toThrow(/ECONNREFUSED/);
    await second.end();
    first.close();
  });

  it('says that it is not ready, but judges, and closes each connection with its answer', async () => {
    const endDrain = holdDrain();
    const server = await start({ drainSeconds });
    const before = await server.review(admissionReview());
    expect(before.headers['connection']).toBe('keep-alive');
    const ended = server.server.close();
    const ready = await server.call('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.text).toContain('[-]not-draining failed: the server is ending');
    expect((await server.call('/livez')).status).toBe(200);
    const judged = await server.review(admissionReview());
    expect(judged.json().response).toMatchObject({ allowed: true });
    expect(judged.headers['connection']).toBe('close');
    endDrain();
    await ended;
    server.close();
  });

  it('waits for calls that are under way, and not forever', async () => {
    const server = await start({ graceSeconds: 0.5 });
    const body = JSON.stringify(admissionReview());
    const [late, never] = [await connected(server), await connected(server)];
    for (const socket of [late, never])
      socket.write(
        `POST /validate/production HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n{`,
      );
    // Whatever was sent before has come in by the time of this answer.
    await server.call('/livez');
    const began = performance.now();
    const ended = server.server.close();
    late.write(body.slice(1));
    expect(await text(late)).toMatch(/^HTTP\/1\.1 200 /);
    await ended;
    expect(performance.now() - began).toBeGreaterThan(400);
    server.close();
  });

  it('ends at once when nobody is there, also when asked twice', async () => {
    // Longer than this test may take.
    const server = await start({ graceSeconds: 60 });
    await server.review(admissionReview());
    await Promise.all([server.server.close(), server.server.close()]);
    server.close();
  });
});

describe('a connection', () => {
  it('is closed with an answer once it is old enough, so that callers spread over replicas', async () => {
    const server = await start({ limits: { connectionMs: 600_000 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: server.server.caPem ?? '' });
    const closed = async (): Promise<unknown> =>
      (await server.call('/livez', { agent })).headers['connection'];
    expect(await closed()).toBe('keep-alive');
    const now = performance.now.bind(performance);
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 900_000);
    expect(await closed()).toBe('close');
    expect(await closed()).toBe('keep-alive');
    later.mockRestore();
    agent.destroy();
    await server.end();
  });

  it('stays open longer than an idle API server keeps it', async () => {
    const server = await start();
    const { headers } = await server.call('/livez');
    expect(Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1])).toBeGreaterThan(90);
    await server.end();
  });
});

describe('an address that is taken', () => {
  it('is an error that says which', async () => {
    const server = await start();
    const again = start({ port: server.server.port });
    await expect(again).rejects.toThrow(UserError);
    const { port } = server.server;
    await expect(again).rejects.toMatchObject({
      code: 'listen',
      message: `127.0.0.1:${port}: another program listens there already: end it (lsof -i :${port} names it), or name another address with --host and --port`,
    });
    await server.end();
  });
});

describe('signals', () => {
  function signalled(close: () => Promise<void>): {
    send: (signal: string) => void;
    exits: number[];
    release: () => void;
    left: () => number;
  } {
    const listeners = new Map<string, () => void>();
    const exits: number[] = [];
    const release = closeOnSignals(close, {
      exit: (code) => exits.push(code),
      on: (signal, listener) => listeners.set(signal, listener),
      off: (signal) => listeners.delete(signal),
    });
    return { send: (signal) => listeners.get(signal)?.(), exits, release, left: () => listeners.size };
  }

  it('end the process in peace at the first and at once at the second', async () => {
    let ended = (): void => undefined;
    const close = vi.fn(() => new Promise<void>((resolve) => (ended = resolve)));
    const { send, exits, release, left } = signalled(close);
    send('SIGTERM');
    expect(close).toHaveBeenCalledTimes(1);
    expect(exits).toEqual([]);
    send('SIGTERM');
    expect(exits).toEqual([143]);
    send('SIGINT');
    expect(exits).toEqual([143, 130]);
    ended();
    await vi.waitFor(() => expect(exits).toContain(0));
    release();
    expect(left()).toBe(0);
  });

  it('end with 1 when ending fails', async () => {
    const { send, exits } = signalled(() => Promise.reject(new Error('no')));
    send('SIGINT');
    await vi.waitFor(() => expect(exits).toEqual([1]));
  });
});

describe('the end of a life', () => {
  it('drains, stops, and cuts only what does not stop', async () => {
    const order: string[] = [];
    const cut = vi.fn();
    const life = createLifecycle({
      drainMs: 30,
      graceMs: 1000,
      cut,
      stop: () => Promise.resolve(void order.push('stopped')),
    });
    expect(life.isDraining()).toBe(false);
    const closed = life.close();
    order.push('draining');
    expect(life.isDraining()).toBe(true);
    expect(life.close()).toBe(closed);
    await closed;
    expect(order).toEqual(['draining', 'stopped']);
    expect(cut).not.toHaveBeenCalled();
  });

  it('cuts what has not stopped when the grace is over, and no sooner', async () => {
    vi.useFakeTimers();
    try {
      let stopped = (): void => undefined;
      const cut = vi.fn(() => stopped());
      const stop = () => new Promise<void>((resolve) => (stopped = resolve));
      const closed = createLifecycle({ drainMs: 8_000, graceMs: 20_000, cut, stop }).close();
      await vi.advanceTimersByTimeAsync(27_999);
      expect(cut).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(cut).toHaveBeenCalledTimes(1);
      await closed;
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a caller without connections', () => {
  it('sees no difference between two servers', async () => {
    const server = await start();
    const other = client(() => server.server.url, server.server.caPem);
    expect((await other.review(admissionReview())).text).toBe((await server.review(admissionReview())).text);
    other.close();
    await server.end();
  });
});
