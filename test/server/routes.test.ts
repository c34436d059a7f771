import type { FastifyReply } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/log/log.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createReplier } from '../../src/server/routes.ts';

describe('a rejection', () => {
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
