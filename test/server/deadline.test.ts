import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadlineFor, parseGoDuration } from '../../src/server/deadline.ts';
import { client, start, type Running } from './harness.ts';
import { configMapReview } from './reviews.ts';

describe('a Go duration', () => {
  it.each([
    ['5s', 5000],
    ['10s', 10_000],
    ['1m0s', 60_000],
    ['1h2m3.5s', 3_723_500],
    ['250ms', 250],
    ['100us', 0.1],
    ['5µs', 0.005],
    ['7ns', 0.000007],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => expect(parseGoDuration(text)).toBeCloseTo(ms, 9));

  it.each(['', '5', 's', '-5s', '5 s', '5s ', '5x', '1e3s', '٥s', 'soon', '5S'])('%j is none', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});

describe('the deadline', () => {
  it('leaves a tenth of the time, at most half a second, to the API server', () => {
    expect(deadlineFor('5s', 1)).toBe(4500);
    expect(deadlineFor('1s', 1)).toBe(900);
    expect(deadlineFor('30s', 1)).toBe(29_500);
    expect(deadlineFor('1h', 1)).toBe(29_500);
    expect(deadlineFor(undefined, 1234)).toBe(1234);
  });

  it.each(['0s', 'x', ['1s', '2s'], ''])('is not to be had from %j', (timeout) => {
    expect(() => deadlineFor(timeout, 1)).toThrow(/expected a duration/);
  });
});

describe('a busy server', () => {
  let server: Running;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.end());

  const busy = (ms: number, uid: string): object =>
    configMapReview({ labels: { owner: 'a', 'busy-ms': String(ms) } }, { uid });

  it('gives up on what waited longer than its caller does, without judging it', async () => {
    const callers = Array.from({ length: 8 }, () =>
      client(() => server.server.url, server.server.caPem, { maxSockets: 1 }),
    );
    // A connection each, made before, so that all calls lie ready together.
    await Promise.all(callers.map((caller) => caller.call('/livez')));
    const answers = await Promise.all(
      callers.map((caller, index) =>
        caller.review(busy(100, `u${index}`), '/validate/production?timeout=320ms'),
      ),
    );
    callers.forEach((caller) => caller.close());
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
    const waited = answers.filter(({ text }) => text.includes('waited too long for its turn; it had 288 ms'));
    expect(waited.length).toBeGreaterThanOrEqual(3);
    for (const answer of waited) {
      expect(answer.status).toBe(500);
      expect(answer.json().details?.uid).toMatch(/^u\d$/);
    }
    const counted = await server.metric('daygate_rejected_requests_total{reason="deadline"}');
    expect(counted).toBe(statuses.filter((status) => status === 500).length);
    const labels = '{profile="production",verdict="allowed",operation="CREATE",dry_run="no"}';
    expect(await server.metric(`daygate_decisions_total${labels}`)).toBe(
      statuses.filter((status) => status === 200).length,
    );
  });

  it('answers in full once it has time again', async () => {
    expect((await server.review(busy(0, 'u'), '/validate/production?timeout=1s')).status).toBe(200);
  });
});
