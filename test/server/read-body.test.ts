import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  const limits = { bodyBytes: 1000 * KiB, bufferedBytes: 2000 * KiB };

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

  it('that is larger than the limit is refused once it has ended, or when it is much larger', async () => {
    const reader = bodyReader({ bodyBytes: 10, bufferedBytes: 100 }, () => 0);
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
