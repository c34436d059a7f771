import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RejectedError } from '../../src/server/outcomes.ts';
import { bodyReader, type ReceivedBody } from '../../src/server/read-body.ts';
import { client, start, type Running } from './harness.ts';
import { admissionReview, pod } from './reviews.ts';

const KiB = 1024;

/** A body that is sent when the test wants it, and what became of it. */
function sender(
  reader: ReturnType<typeof bodyReader>,
  declared: number | undefined,
): {
  readonly stream: PassThrough;
  readonly result: () => ReceivedBody | Error | undefined;
  readonly isRead: () => boolean;
} {
  const stream = new PassThrough();
  const headers = declared === undefined ? {} : { 'content-length': String(declared) };
  let result: ReceivedBody | Error | undefined;
  reader(
    {} as FastifyRequest,
    Object.assign(stream, { headers }) as unknown as IncomingMessage,
    (error, body) => {
      result = error ?? body;
    },
  );
  return { stream, result: () => result, isRead: () => stream.listenerCount('data') > 0 };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a body', () => {
  const limits = { bodyBytes: 1000 * KiB, receivedBytes: 1000 * KiB, bufferedBytes: 2000 * KiB };

  it('is put together from its chunks, with the time its call arrived', async () => {
    const { stream, result } = sender(
      bodyReader(limits, () => 42),
      undefined,
    );
    for (const part of ['{"a"', ':', '1}']) {
      stream.write(part);
      await settle();
    }
    stream.end();
    await settle();
    expect(result()).toEqual({ bytes: Buffer.from('{"a":1}'), arrivedAt: 42 });
  });

  it('that is large waits until there is room, in the order of arrival', async () => {
    const reader = bodyReader(limits, () => 0);
    const [first, second, third, fourth] = [900, 900, 900, 900].map((size) => sender(reader, size * KiB));
    expect([first, second, third, fourth].map((one) => one?.isRead())).toEqual([true, true, false, false]);
    // A small one passes.
    expect(sender(reader, 100 * KiB).isRead()).toBe(true);
    first?.stream.end('done');
    await settle();
    expect(first?.result()).toMatchObject({ bytes: Buffer.from('done') });
    expect([third, fourth].map((one) => one?.isRead())).toEqual([true, false]);
    third?.stream.destroy(new Error('gone'));
    await settle();
    expect(third?.result()).toMatchObject({ outcome: 'malformed-http' });
    expect(fourth?.isRead()).toBe(true);
  });

  it('of unknown length is taken for the largest', () => {
    const reader = bodyReader(limits, () => 0);
    expect([1, 2, 3].map(() => sender(reader, undefined).isRead())).toEqual([true, true, false]);
  });

  it('whose sender left while it waited makes room for others', async () => {
    const reader = bodyReader(limits, () => 0);
    const [first, second, third] = [900, 1000, 1000].map((size) => sender(reader, size * KiB));
    const waiting = sender(reader, 1000 * KiB);
    third?.stream.destroy();
    first?.stream.end();
    await settle();
    expect(third?.result()).toMatchObject({ outcome: 'malformed-http' });
    expect(waiting.isRead()).toBe(true);
    second?.stream.end();
    await settle();
    expect(second?.result()).toMatchObject({ bytes: Buffer.alloc(0) });
  });

  it('finds room behind thousands whose senders left while they waited', async () => {
    const reader = bodyReader(limits, () => 0);
    const [first, second] = [1000, 1000].map((size) => sender(reader, size * KiB));
    const left = Array.from({ length: 5_000 }, () => sender(reader, 1000 * KiB));
    for (const { stream } of left) stream.destroy();
    const waiting = sender(reader, 1000 * KiB);
    for (const one of [first, second]) one?.stream.end();
    await settle();
    expect(left.map(({ result }) => result())).toSatisfy((all: readonly unknown[]) =>
      all.every((one) => one instanceof RejectedError && one.outcome === 'malformed-http'),
    );
    expect(waiting.isRead()).toBe(true);
  });

  it('that is larger than the limit is refused once it has ended, or when it is much larger', async () => {
    const reader = bodyReader({ bodyBytes: 10, receivedBytes: 100, bufferedBytes: 100 }, () => 0);
    const [stated, over, far] = [sender(reader, 41), sender(reader, 11), sender(reader, undefined)];
    expect(stated.result()).toMatchObject({ outcome: 'too-large' });
    over.stream.write('x'.repeat(11));
    await settle();
    expect(over.result()).toBeUndefined();
    over.stream.end();
    far.stream.write('x'.repeat(41));
    await settle();
    expect([over, far].map((one) => one.result())).toMatchObject([
      { outcome: 'too-large' },
      { outcome: 'too-large' },
    ]);
  });
});

describe('more than can be in memory at once', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());
  const limits = { bodyBytes: 1000 * KiB, receivedBytes: 300 * KiB, bufferedBytes: 1000 * KiB };
  const half = Buffer.alloc(100 * KiB);

  it('is refused at once while others are on their way, and not kept', async () => {
    const reader = bodyReader(limits, () => 0);
    const [first, second, third, fourth] = [200, 200, 200, 200].map((size) => sender(reader, size * KiB));
    for (const one of [first, second, third, fourth]) one?.stream.write(half);
    await settle();
    expect(fourth?.result()).toMatchObject({ outcome: 'overloaded' });
    // What it still sends is read, and no room is taken by it.
    fourth?.stream.end(half);
    await settle();
    expect(fourth?.stream.readableEnded).toBe(true);
    first?.stream.end();
    await settle();
    second?.stream.end(half);
    await settle();
    expect([first, second].map((one) => (one?.result() as ReceivedBody).bytes.length / KiB)).toEqual([
      100, 200,
    ]);
    expect(third?.result()).toBeUndefined();
  });

  it('takes the room of those that stall, the oldest first', async () => {
    const reader = bodyReader(limits, () => 0);
    const stalled = [1, 2, 3].map(() => sender(reader, 200 * KiB));
    for (const { stream } of stalled) stream.write(half);
    await settle();
    vi.advanceTimersByTime(2_100);
    const late = sender(reader, 100 * KiB);
    late.stream.end(half);
    await settle();
    expect(late.result()).toMatchObject({ bytes: half });
    expect(stalled.map(({ result }) => result())).toMatchObject([
      { outcome: 'too-slow' },
      undefined as unknown as object,
      undefined as unknown as object,
    ]);
  });

  it('cuts off a large one that stalls only when another waits', async () => {
    const reader = bodyReader(limits, () => 0);
    const stalled = sender(reader, 900 * KiB);
    vi.advanceTimersByTime(10_000);
    expect(stalled.result()).toBeUndefined();
    const waiting = sender(reader, 900 * KiB);
    expect(waiting.isRead()).toBe(false);
    vi.advanceTimersByTime(500);
    expect(stalled.result()).toMatchObject({ outcome: 'too-slow' });
    expect(waiting.isRead()).toBe(true);
    waiting.stream.end(half);
    await settle();
    expect(waiting.result()).toMatchObject({ bytes: half });
  });
});

describe('a server with room for one large review at a time', () => {
  let server: Running;
  beforeAll(async () => {
    server = await start({ limits: { bufferedBytes: 1 }, log: { level: 'silent' } });
  });
  afterAll(() => server.end());

  it('answers all of them', async () => {
    const object = { ...pod(), filler: 'x'.repeat(5 * 1024 * KiB) };
    const body = JSON.stringify(admissionReview({ object }));
    const many = client(() => server.server.url, server.server.caPem, { maxSockets: 20 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => many.review(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    many.close();
  });
});
