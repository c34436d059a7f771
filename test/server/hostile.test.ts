import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomes } from '../../src/server/outcomes.ts';
import { start, type Running } from './harness.ts';
import { hostileBodies } from './hostile-bodies.ts';
import { admissionReview, badPod } from './reviews.ts';

let server: Running;
beforeAll(async () => {
  server = await start();
});
afterAll(() => server.end());

describe('a hostile body', () => {
  it.each(hostileBodies.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { body, headers, answer, says }) => {
      const path = '/validate/production?timeout=30s';
      const call = { method: 'POST', headers: headers ?? { 'content-type': 'application/json' }, body };
      const got = await server.call(path, call).catch((error: unknown) => error as Error);
      // A body of many times the limit is not read to its end; its sender may be cut off before the answer.
      if (got instanceof Error && body.length > 28 * 1024 * 1024) {
        expect(got.message).toMatch(/EPIPE|ECONNRESET/);
        return;
      }
      if (got instanceof Error) throw got;
      if (answer === 'allowed' || answer === 'denied') {
        expect(got.status, got.text).toBe(200);
        expect(got.json().response?.allowed).toBe(answer === 'allowed');
        return;
      }
      const { http, reason } = outcomes[answer];
      expect(got.status, got.text).toBe(http);
      expect(got.json()).toMatchObject({ kind: 'Status', apiVersion: 'v1', code: http, reason });
      if (says !== undefined) expect(got.json().message).toMatch(says);
      // An answer quotes nothing of a body that it could not read.
      expect(got.text.length).toBeLessThan(1000);
    },
  );
});

describe('after all of them', () => {
  it('the server still judges', async () => {
    expect(hostileBodies.length).toBeGreaterThanOrEqual(60);
    expect((await server.review(admissionReview())).json().response).toMatchObject({ allowed: true });
    expect((await server.review(admissionReview({ object: badPod() }))).json().response).toMatchObject({
      allowed: false,
    });
    expect((await server.call('/readyz')).status).toBe(200);
  });

  it('no prototype was polluted', () => {
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    expect(({} as Record<string, unknown>)['allowed']).toBeUndefined();
  });

  it('nothing counts as a fault of daygate', async () => {
    expect(await server.metric('daygate_rejected_requests_total{reason="fault"}')).toBe(0);
  });
});
