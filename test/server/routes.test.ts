import { fastify, type FastifyReply } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/log/log.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { RejectedError } from '../../src/server/outcomes.ts';
import { bodyReader } from '../../src/server/read-body.ts';
import { addReviewRoutes, createReplier, type HttpsServer } from '../../src/server/routes.ts';

describe('a rejection', () => {
  it('of ours is told however many wrong calls come in', () => {
    const lines: string[] = [];
    const logger = createLogger({ destination: { write: (line: string) => void lines.push(line) } });
    const replier = createReplier({
      metrics: createMetrics({ process: false }),
      logger,
      closes: () => false,
    });
    const reply = {
      request: { raw: { socket: {} } },
      code: () => reply,
      header: () => reply,
      send: () => reply,
    } as unknown as FastifyReply;
    for (const outcome of ['unknown-path', 'unknown-profile'] as const)
      for (let call = 0; call < 50; call += 1) replier.reject(reply, new RejectedError(outcome, 'wrong'));
    replier.reject(reply, new RejectedError('deadline', 'it took too long'));
    expect(lines.filter((line) => line.includes('unknown-profile'))).toHaveLength(20);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'error', outcome: 'deadline' });
  });

  it('is answered with a Status even when the log fails', () => {
    const destination = {
      write: (): void => {
        throw new Error('the disk is full');
      },
    };
    const metrics = createMetrics({ process: false });
    const replier = createReplier({ metrics, logger: createLogger({ destination }), closes: () => false });
    const sent: unknown[] = [];
    const reply = {
      request: { raw: { socket: {} } },
      code: (http: number) => (sent.push(http), reply),
      header: () => reply,
      send: (body: string) => (sent.push(JSON.parse(body)), reply),
    };
    replier.reject(reply as unknown as FastifyReply, new Error('hunter2'));
    expect(sent).toEqual([
      500,
      expect.objectContaining({ kind: 'Status', code: 500, reason: 'InternalError' }),
    ]);
    expect(JSON.stringify(sent)).not.toContain('hunter2');
  });
});

describe('an answer that cannot be sent', () => {
  it('is a fault of its own call, and of no other that is answered with it', async () => {
    const app = fastify();
    const limits = { bodyBytes: 1000, receivedBytes: 1000, bufferedBytes: 1000 };
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/json',
      bodyReader(limits, () => 0),
    );
    const replier: Parameters<typeof addReviewRoutes>[1] = {
      send: (reply, http, _type, body) => {
        if (body.startsWith('bad')) throw new Error('no');
        reply.code(http).send(body);
      },
      reject: (reply) => {
        reply.code(500).send('fault');
        return 'fault';
      },
    };
    addReviewRoutes(app as unknown as HttpsServer, replier, {
      review: (_webhook, profile) => (profile.endsWith('later') ? Promise.resolve(profile) : profile),
      needsCertificate: false,
      traces: undefined,
    });
    const headers = { 'content-type': 'application/json' };
    const answers = await Promise.all(
      ['good-1', 'bad', 'good-2', 'bad-later', 'good-later'].map((profile) =>
        app.inject({ method: 'POST', url: `/validate/${profile}`, headers, payload: '{}' }),
      ),
    );
    expect(answers.map(({ body }) => body)).toEqual(['good-1', 'fault', 'good-2', 'fault', 'good-later']);
  });
});
