import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { RejectedError } from './outcomes.ts';

/** A body as it came in, and when its call began to wait. */
export interface ReceivedBody {
  readonly bytes: Buffer;
  /** On the clock of performance.now(). */
  readonly arrivedAt: number;
}

// A caller that is cut off while it still writes sees a broken connection instead of the answer, so what is too
// large is read to its end and thrown away, unless it is very much too large.
const drainedFactor = 4;

type Done = (error: Error | null, body?: ReceivedBody) => void;

/**
 * Reads bodies for fastify, whose own reader copies every one and cuts callers off. A body that fits into one
 * chunk (TLS records hold 16 KiB) is handed on as it is.
 */
export function bodyReader(
  limit: number,
  arrived: () => number,
): (request: FastifyRequest, payload: IncomingMessage, done: Done) => void {
  const tooLarge = (): Error =>
    new RejectedError('too-large', `the body is larger than ${limit} bytes, the most a review can take`);
  return (_request, payload, done) => {
    const arrivedAt = arrived();
    const declared = Number(payload.headers['content-length']);
    if (declared > limit * drainedFactor) {
      done(tooLarge());
      return;
    }
    let only: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let length = 0;
    let finished = false;
    const finish: Done = (error, body) => {
      if (finished) return;
      finished = true;
      done(error, body);
    };
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        only = undefined;
        chunks = undefined;
        if (length > limit * drainedFactor) finish(tooLarge());
      } else if (only === undefined) {
        only = chunk;
      } else {
        chunks ??= [only];
        chunks.push(chunk);
      }
    });
    payload.on('end', () => {
      if (length > limit) finish(tooLarge());
      else
        finish(null, {
          bytes: chunks === undefined ? (only ?? empty) : Buffer.concat(chunks, length),
          arrivedAt,
        });
    });
    payload.on('error', () => finish(new RejectedError('malformed-http', 'the caller went away')));
  };
}

const empty = Buffer.alloc(0);
