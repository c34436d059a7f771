import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Facts } from '#sdk';
import { outcomes, rejections, type Rejection } from '../../src/server/outcomes.ts';
import { client, start, type Answer, type Call, type Running } from './harness.ts';
import { requireTier, startWithOwn } from './own-policies.ts';
import { makeCa, makeLeaf, writePems, type Pair } from './pems.ts';
import { admissionReview, configMapReview, pod } from './reviews.ts';

let server: Running;
const problems: string[] = [];
let isBroken = false;
/** Facts that fail when they are asked: a fault of daygate's own, outside any policy. */
const brokenFacts: Facts = {
  has: () => {
    throw new RangeError('with words that may quote an object');
  },
  list: () => [],
  all: () => [],
  find: () => undefined,
  workloads: () => [],
};
beforeAll(async () => {
  server = await start({
    checks: [{ name: 'switch', problem: () => problems[0] }],
    facts: () => ({
      facts: () => (isBroken ? brokenFacts : undefined),
      kinds: () => undefined,
      follow: () => undefined,
      close: () => Promise.resolve(),
    }),
  });
});
afterAll(() => server.end());

const json = { 'content-type': 'application/json' };
const uid = 'f00d';

/** What comes back for bytes that are written to a bare connection. */
async function rawly(bytes: string, port = server.server.port): Promise<Answer> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.write(bytes);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    headers: {},
    text: body,
    json: () => JSON.parse(body) as ReturnType<Answer['json']>,
  };
}

/** A call for every row of the table, with what its message must say. */
const calls: Readonly<
  Record<Rejection, { readonly send: () => Promise<Answer>; readonly says: RegExp; readonly uid?: string }>
> = {
  'malformed-json': {
    send: () => server.review(`{"kind":"AdmissionReview","request":{"uid":"${uid}",\n  "object": oops}}`),
    says: /no JSON at byte 63 \(line 2, column 13\): expected a value/,
    uid,
  },
  'malformed-review': {
    send: () => server.review({ ...admissionReview({ uid }), apiVersion: 'admission.k8s.io/v1beta1' }),
    says: /expected admission\.k8s\.io\/v1; admissionReviewVersions of the webhook must be \["v1"\]/,
    uid,
  },
  'malformed-timeout': {
    send: () => server.review(admissionReview(), '/validate/production?timeout=soon'),
    says: /timeout: expected a duration such as 5s/,
  },
  'malformed-http': { send: () => rawly('HELLO\r\n\r\n'), says: /no HTTP request/ },
  'no-client-certificate': {
    send: async () => {
      const [ca, clientCa] = [await makeCa(), await makeCa()];
      const [leaf, caller, stranger] = [await makeLeaf(ca), await makeLeaf(clientCa), await makeLeaf(ca)];
      const guarded = await start({ tls: writePems(leaf, ca, clientCa) });
      try {
        const known = client(() => guarded.server.url, ca.cert);
        const body = JSON.stringify(admissionReview());
        const showing = (pair: Pair): Call => ({
          method: 'POST',
          headers: json,
          body,
          agent: new Agent({ ca: ca.cert, ...pair }),
        });
        expect((await known.call('/validate/production', showing(caller))).status).toBe(200);
        expect((await known.call('/validate/production', showing(stranger))).status).toBe(401);
        expect((await known.call('/readyz')).status).toBe(200);
        return await known.review(admissionReview());
      } finally {
        await guarded.end();
      }
    },
    says: /reviews need a certificate of the client CA/,
  },
  'unknown-profile': {
    send: () => server.review(admissionReview({ uid }), '/validate/prodution'),
    says: /there is no profile prodution: did you mean production\?; there are baseline, production, restricted/,
    uid,
  },
  'unknown-path': { send: () => server.call('/validate'), says: /nothing at this path/ },
  'wrong-method': { send: () => server.call('/validate/production'), says: /this path takes POST/ },
  'too-slow': {
    send: async () => {
      const narrow = await start({ limits: { bufferedBytes: 1 } });
      const head = `POST /validate/production HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n`;
      const stalled = `${head}content-length: 1000000\r\n\r\n{`;
      try {
        const first = rawly(stalled, narrow.server.port);
        // One that waits behind it.
        void rawly(stalled, narrow.server.port).catch(() => undefined);
        return await first;
      } finally {
        await narrow.end();
      }
    },
    says: /the body came in too slowly while others waited/,
  },
  'too-large': {
    send: () => server.review(`{"padding":"${'x'.repeat(8 * 1024 * 1024)}"}`),
    says: /larger than 7340032 bytes/,
  },
  'wrong-media-type': {
    send: () =>
      server.call('/validate/production', {
        method: 'POST',
        headers: { 'content-type': 'text/yaml' },
        body: 'a: 1',
      }),
    says: /expected application\/json/,
  },
  deadline: {
    send: () =>
      server.review(
        configMapReview({ labels: { owner: 'a', 'busy-ms': '150' } }, { uid }),
        '/validate/production?timeout=100ms',
      ),
    says: /the review took \d+ ms; it had 90 ms/,
    uid,
  },
  fault: {
    send: async () => {
      isBroken = true;
      try {
        const statefulSet = {
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata: { name: 'web' },
          spec: {},
        };
        const kind = { group: 'apps', kind: 'StatefulSet', resource: 'statefulsets' };
        return await server.review(admissionReview({ uid, ...kind, object: statefulSet }));
      } finally {
        isBroken = false;
      }
    },
    says: /it failed on this review; its log says where/,
    uid,
  },
  overloaded: {
    send: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'daygate-own-'));
      const own = await startWithOwn(
        folder,
        { 'require-tier.ts': requireTier },
        {
          limits: { waitingReviews: 0 },
        },
      );
      try {
        return await client(() => own.server.url, own.server.caPem).review(admissionReview({ uid }));
      } finally {
        await own.end();
        rmSync(folder, { recursive: true });
      }
    },
    says: /too many reviews wait for policies of your own/,
    uid,
  },
  'not-ready': {
    send: async () => {
      problems.push('a problem');
      try {
        const { text, ...answer } = await server.call('/readyz');
        // Probes read text, not a Status.
        const body = {
          kind: 'Status',
          apiVersion: 'v1',
          message: `daygate: ${text}`,
          reason: 'ServiceUnavailable',
          code: 503,
        };
        return { ...answer, text, json: () => body };
      } finally {
        problems.pop();
      }
    },
    says: /\[-\]switch failed: a problem\nreadyz check failed/,
  },
};

describe('the table of outcomes', () => {
  it.each(rejections)('answers %s as it says, counts and logs it, and echoes the uid', async (outcome) => {
    const call = calls[outcome];
    const series = `daygate_rejected_requests_total{reason="${outcome}"}`;
    const before = await server.metric(series);
    const answer = await call.send();
    const { http, reason } = outcomes[outcome];
    expect(answer.status, answer.text).toBe(http);
    const body = answer.json();
    expect(body).toMatchObject({ kind: 'Status', apiVersion: 'v1', reason, code: http });
    expect(body.message).toMatch(/^daygate: /);
    expect(body.message).toMatch(call.says);
    expect(body.details?.uid).toBe(call.uid);
    // These come from servers of their own.
    if (!['no-client-certificate', 'overloaded', 'too-slow'].includes(outcome))
      expect(await server.metric(series)).toBe(before + 1);
  });

  it('holds every way to be refused, and nothing but refusals', () => {
    expect(Object.keys(calls)).toEqual([...rejections]);
    for (const outcome of rejections) expect(outcomes[outcome].http).toBeGreaterThanOrEqual(400);
  });

  it('names the methods of a path', async () => {
    expect((await server.call('/validate/production', { method: 'PUT' })).headers['allow']).toBe('POST');
    const metrics = await server.call('/metrics', { method: 'DELETE' });
    expect([metrics.status, metrics.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  it('keeps the stack of a fault for the log, without its words', async () => {
    await calls.fault.send();
    const line = server.log().find(({ message }) => message === 'a review failed');
    expect(line).toMatchObject({ level: 'error', uid, error: 'RangeError' });
    expect(line?.['frames']).toEqual(expect.arrayContaining([expect.stringMatching(/^at \w+/)]));
  });

  it('cannot be made to flood the log', async () => {
    const lines = (): number =>
      server.log().filter(({ message, level }) => message === 'rejected' && level !== 'trace').length;
    // The second for which lines are counted may have begun before.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const before = [lines(), await server.metric('daygate_rejected_requests_total{reason="malformed-json"}')];
    await Promise.all(Array.from({ length: 100 }, () => server.review('no json')));
    expect(lines() - (before[0] ?? 0)).toBeLessThanOrEqual(40);
    expect(lines() - (before[0] ?? 0)).toBeGreaterThanOrEqual(20);
    expect(await server.metric('daygate_rejected_requests_total{reason="malformed-json"}')).toBe(
      (before[1] ?? 0) + 100,
    );
  });

  it('still answers after all of them', async () => {
    expect((await server.review(admissionReview({ object: pod() }))).json().response).toMatchObject({
      allowed: true,
    });
  });
});

describe('the health endpoints', () => {
  it('say ok in a word, and all checks when asked', async () => {
    expect(await server.call('/livez')).toMatchObject({ status: 200, text: 'ok\n' });
    expect(await server.call('/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
    const { text } = await server.call('/readyz?verbose');
    expect(text.split('\n')).toEqual([
      '[+]policies ok',
      '[+]settings ok',
      '[+]self-call ok',
      '[+]certificate ok',
      '[+]not-draining ok',
      '[+]facts ok',
      '[+]switch ok',
      'readyz check passed',
      '',
    ]);
  });

  it('stay alive while they are not ready', async () => {
    problems.push('a problem');
    expect((await server.call('/livez')).status).toBe(200);
    problems.pop();
  });
});
