import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger, describeError, logDecision, type Decision } from '../../src/log/log.ts';
import { start, type Running } from './harness.ts';
import { admissionReview, badPod } from './reviews.ts';

function lines(): { readonly destination: Writable; readonly all: () => Record<string, unknown>[] } {
  let text = '';
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return {
    destination,
    all: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

const decision: Decision = {
  webhook: 'validate',
  verdict: 'denied',
  profile: 'production',
  uid: 'u\n1',
  operation: 'CREATE',
  kind: 'Pod',
  subresource: undefined,
  namespace: 'shop',
  name: `web${'x'.repeat(5000)}`,
  user: 'jane\u001b[31m\u202e',
  dryRun: false,
  policies: ['require-memory'],
  failed: [],
  ms: 1.23456,
};

describe('the decision log', () => {
  it('writes one line of names, ids and numbers', () => {
    const { destination, all } = lines();
    logDecision(createLogger({ destination }), 'info', decision);
    expect(all()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
        service: 'daygate',
        message: 'decision',
        webhook: 'validate',
        verdict: 'denied',
        profile: 'production',
        uid: 'u?1',
        operation: 'CREATE',
        kind: 'Pod',
        namespace: 'shop',
        name: expect.stringMatching(/^webx{249}…$/) as string,
        user: 'jane?[31m?',
        policies: ['require-memory'],
        ms: 1.235,
      },
    ]);
  });

  it('names subresources, dry runs and failed policies where there are any', () => {
    const { destination, all } = lines();
    logDecision(createLogger({ destination }), 'info', {
      ...decision,
      subresource: 'scale',
      dryRun: true,
      failed: ['p'],
    });
    expect(all()[0]).toMatchObject({ subresource: 'scale', dryRun: true, failed: ['p'] });
  });

  it('writes nothing below its level', () => {
    const { destination, all } = lines();
    const logger = createLogger({ destination, level: 'info' });
    logDecision(logger, 'debug', decision);
    logDecision(createLogger({ destination, level: 'silent' }), 'info', decision);
    expect(all()).toEqual([]);
  });

  it('leaves credentials out of names', () => {
    const { destination, all } = lines();
    const token = ['ghp', 'x7Kq2mVw9RtLp4Zs8Yb1Nc6Df3Gh5Jk0Aa2B'].join('_');
    logDecision(createLogger({ destination }), 'info', { ...decision, name: token });
    expect(JSON.stringify(all())).not.toContain(token);
  });
});

describe('errors in the log', () => {
  it('are where they came from, without their words', () => {
    const { error, frames } = describeError(new TypeError('hunter2\n    at hunter2'));
    expect(error).toBe('TypeError');
    expect(frames[0]).toMatch(/log\.test\.ts/);
    expect(frames.join('\n')).not.toContain('hunter2');
    expect(describeError('hunter2')).toEqual({ error: 'string', frames: [] });
  });
});

describe('a server that logs at info', () => {
  let server: Running;
  let all: () => Record<string, unknown>[];
  beforeAll(async () => {
    const captured = lines();
    all = captured.all;
    server = await start({ log: { level: 'info', destination: captured.destination } });
  });
  afterAll(() => server.end());

  it('writes a line for decisions with findings and none for clean ones', async () => {
    await server.review(admissionReview({ uid: 'clean' }));
    await server.review(admissionReview({ uid: 'bad', object: badPod() }));
    const decisions = all().filter(({ message }) => message === 'decision');
    expect(decisions).toHaveLength(1);
    expect(decisions[0]).toMatchObject({
      uid: 'bad',
      verdict: 'denied',
      user: 'jane',
      namespace: 'shop',
      name: 'web',
    });
  });
});
