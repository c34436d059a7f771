import { afterEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { collectorUrl } from '../../src/server/otlp-traces.ts';
import { start, type Running } from './harness.ts';
import { attributesOf, startCollector, type Collector } from './otlp-collector.ts';
import { admissionReview, badPod, pod } from './reviews.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0).toReversed()) await end();
});

async function traced(ratio: number, endpoint: string): Promise<Running & { finish: () => Promise<void> }> {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  const server = await start({ traces: { ratio, environment }, version: '1.2.3' });
  let ended: Promise<void> | undefined;
  const finish = (): Promise<void> => (ended ??= server.end());
  ends.push(finish);
  return { ...server, finish };
}

async function opened(): Promise<Collector> {
  const made = await startCollector();
  ends.push(made.end);
  return made;
}

const post = (
  server: Running,
  review: object | string,
  headers: Record<string, string> = {},
  path = '/validate/production?timeout=10s',
): Promise<unknown> =>
  server.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof review === 'string' ? review : JSON.stringify(review),
  });

const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const parent = (sampled: boolean): string => `00-${caller.traceId}-${caller.spanId}-0${sampled ? 1 : 0}`;

describe('traces', () => {
  it('make a review a child of the call of the API server, with its phases in order', async () => {
    const to = await opened();
    const server = await traced(0, to.url);
    await post(server, admissionReview({ object: badPod(), uid: 'one' }), { traceparent: parent(true) });
    // Ending sends what waits.
    await server.finish();
    expect(to.calls[0]?.path).toBe('/v1/traces');
    const spans = to.spans();
    const review = spans.find(({ name }) => name === 'daygate validate');
    expect(review).toMatchObject({ traceId: caller.traceId, parentSpanId: caller.spanId, kind: 2 });
    if (review === undefined) return;
    expect(attributesOf(review)).toEqual({
      'daygate.webhook': 'validate',
      'daygate.verdict': 'denied',
      'daygate.profile': 'production',
      'daygate.uid': 'one',
      'daygate.operation': 'CREATE',
      'daygate.kind': 'Pod',
      'daygate.findings': 1,
      'daygate.policies': ['require-memory'],
      'http.response.status_code': 200,
    });
    const phases = spans.filter(({ parentSpanId }) => parentSpanId === review.spanId);
    expect(phases.map(({ name }) => name)).toEqual(['receive', 'parse', 'judge', 'answer']);
    const times = phases.flatMap(({ startTimeUnixNano, endTimeUnixNano }) => [
      startTimeUnixNano,
      endTimeUnixNano,
    ]);
    expect(times).toEqual(times.toSorted());
    expect([review.startTimeUnixNano, review.endTimeUnixNano]).toEqual([times[0], times.at(-1)]);
    // A clock of another kind would be decades away.
    expect(Math.abs(Number(times[0]) / 1e6 - Date.now())).toBeLessThan(600_000);
    const resource = to.calls[0]?.body.resourceSpans[0]?.resource;
    expect(resource === undefined ? {} : attributesOf(resource)).toMatchObject({
      'service.name': 'daygate',
      'service.version': '1.2.3',
    });
  });

  it('leave out what the API server leaves out, whatever the share', async () => {
    const to = await opened();
    const server = await traced(1, to.url);
    await post(server, admissionReview({ uid: 'no' }), { traceparent: parent(false) });
    await post(server, admissionReview({ uid: 'yes' }));
    await post(server, admissionReview({ uid: 'garbled' }), { traceparent: `${parent(false)}-nonsense` });
    await server.finish();
    const uids = to.spans().flatMap((span) => attributesOf(span)['daygate.uid'] ?? []);
    expect(uids).toEqual(['yes', 'garbled']);
  });

  it('take nothing of their own at a share of 0', async () => {
    const to = await opened();
    const server = await traced(0, to.url);
    await post(server, admissionReview());
    await server.finish();
    expect(to.calls).toEqual([]);
  });

  it('tell why a call got no verdict', async () => {
    const to = await opened();
    const server = await traced(1, to.url);
    await post(server, '{"kind":');
    await post(server, admissionReview({ object: badPod() }), {}, '/mutate/production?timeout=1ns');
    await server.finish();
    const told = to
      .spans()
      .filter(({ kind }) => kind === 2)
      .map((span) => [span.name, attributesOf(span)['daygate.rejection'], span.status.code]);
    expect(told).toEqual([
      ['daygate validate', 'malformed-json', 0],
      ['daygate mutate', 'deadline', 2],
    ]);
  });

  it('hold no value of any object', async () => {
    const to = await opened();
    const server = await traced(1, to.url);
    const canary = ['ghp', 'x7Kq2mVw9RtLp4Zs8Yb1Nc6Df3Gh5Jk0Aa2B'].join('_');
    const object = pod([{ name: canary, env: [{ name: 'TOKEN', value: canary }] }], {
      annotations: { a: canary },
    });
    await post(server, admissionReview({ object, kind: canary, uid: canary, name: canary }), {
      tracestate: `a=${canary}`,
    });
    await post(server, admissionReview({ object }), {}, `/validate/${canary}`);
    await server.finish();
    expect(to.spans().length).toBeGreaterThan(5);
    expect(JSON.stringify(to.calls)).not.toContain(canary);
  });

  it('that find no collector cost no review its answer, and one line of the log', async () => {
    const away = await startCollector();
    await away.end();
    // It is tried again for 10 s otherwise.
    vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '300');
    const server = await traced(1, away.url);
    for (let index = 0; index < 1000; index += 1) {
      const { allowed } = await server.judged(admissionReview({ object: badPod() }));
      expect(allowed).toBe(false);
    }
    await vi.waitFor(() => expect(server.logText()).toContain('traces cannot be sent'), { timeout: 15_000 });
    await server.finish();
    const lines = server.log().filter(({ message }) => String(message).startsWith('traces '));
    expect(lines.map(({ message }) => message)).toEqual([
      'traces are sent',
      'traces cannot be sent: they are lost until they can',
    ]);
  });
});

describe('the address of the collector', () => {
  it.each([
    [{}, 'http://localhost:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector:4318/' }, 'https://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector/otlp' }, 'http://collector/otlp/v1/traces'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b/x' },
      'http://b/x',
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, 'http://localhost:4318/v1/traces'],
  ])('of %j is %s', (environment, url) => expect(collectorUrl(environment).href).toBe(url));

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'grpc://user:hunter2@collector' }],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
  ])('is not to be had from %j', (environment) => {
    const reading = (): URL => collectorUrl(environment);
    expect(reading).toThrow(UserError);
    expect(reading).not.toThrow(/hunter2/);
  });
});
