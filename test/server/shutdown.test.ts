import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { closeOnSignals } from '../../src/close-on-signals.ts';
import { createLifecycle } from '../../src/server/lifecycle.ts';
import { UserError } from '../../src/errors.ts';
import { client, start, type Running } from './harness.ts';
import { load } from './load.ts';
import { admissionReview, configMapReview } from './reviews.ts';

describe('a server that ends under load', () => {
  it('fails no call of callers that are sent elsewhere in time', async () => {
    const [first, second] = [await start({ drainSeconds: 1 }), await start()];
    // What kube-proxy does: new calls go to whatever endpoint is still listed.
    let listed: Running = first;
    const traffic = load(20, () => listed);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ended = first.server.close();
    // Word of it travels for a while; until then calls still come here.
    await new Promise((resolve) => setTimeout(resolve, 500));
    listed = second;
    await ended;
    const { calls, failures } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThan(200);
    await expect(first.call('/livez')).rejects.toThrow(/ECONNREFUSED/);
    await second.end();
    first.close();
  });

  it('says that it is not ready, but judges, and closes each connection with its answer', async () => {
    const server = await start({ drainSeconds: 1 });
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
    await ended;
    server.close();
  });

  it('waits for calls that are under way, and not forever', async () => {
    const server = await start({ graceSeconds: 0.5 });
    const slow = server.review(configMapReview({ labels: { owner: 'a', 'busy-ms': '300' } }));
    // A caller that never finishes its request.
    const stuck = connect({ host: '127.0.0.1', port: server.server.port, rejectUnauthorized: false });
    await once(stuck, 'secureConnect');
    stuck.on('error', () => undefined);
    stuck.write(
      'POST /validate/production HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    const began = performance.now();
    await server.server.close();
    const took = performance.now() - began;
    expect((await slow).status).toBe(200);
    expect(took).toBeGreaterThan(400);
    expect(took).toBeLessThan(2000);
    server.close();
  });

  it('ends at once when nobody is there, also when asked twice', async () => {
    const server = await start();
    await server.review(admissionReview());
    const began = performance.now();
    await Promise.all([server.server.close(), server.server.close()]);
    expect(performance.now() - began).toBeLessThan(500);
    server.close();
  });
});

describe('a connection', () => {
  it('is closed with an answer once it is old enough, so that callers spread over replicas', async () => {
    const server = await start({ limits: { connectionMs: 200 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: server.server.caPem ?? '' });
    const closed = async (): Promise<unknown> =>
      (await server.call('/livez', { agent })).headers['connection'];
    expect(await closed()).toBe('keep-alive');
    await vi.waitFor(async () => expect(await closed()).toBe('close'), { timeout: 2000, interval: 20 });
    expect(await closed()).toBe('keep-alive');
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
