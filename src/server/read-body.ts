import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { RejectedError } from './outcomes.ts';

/** A body as it came in, and when its call began to wait. */
export interface ReceivedBody {
  readonly bytes: Buffer;
  /** On the clock of performance.now(). */
  readonly arrivedAt: number;
}

interface BodyLimits {
  /** The longest body that is read. */
  readonly bodyBytes: number;
  /** How much of large bodies may be in memory at once. */
  readonly bufferedBytes: number;
}

type Done = (error: Error | null, body?: ReceivedBody) => void;

// Most reviews are some kB. Only what is much larger has to wait for room, so that nobody can make small ones wait
// by sending large ones slowly.
const smallBytes = 256 * 1024;

// A caller that is cut off while it still writes sees a broken connection instead of the answer, so what is too
// large is read to its end and thrown away, unless it is very much too large.
const drainedFactor = 4;

const empty = Buffer.alloc(0);

/**
 * Reads bodies for fastify, whose own reader copies every one and cuts callers off. A body that fits into one
 * chunk (TLS records hold 16 KiB) is handed on as it is. Large ones that do not fit into memory together are read
 * one after the other: what is not read waits with its sender, and an API server that has 200 objects of 6 MiB
 * to review does not end this process.
 */
export function bodyReader(
  { bodyBytes, bufferedBytes }: BodyLimits,
  arrived: () => number,
): (request: FastifyRequest, payload: IncomingMessage, done: Done) => void {
  const room = createRoom(bufferedBytes);
  const tooLarge = (): Error =>
    new RejectedError('too-large', `the body is larger than ${bodyBytes} bytes, the most a review can take`);
  return (_request, payload, done) => {
    const arrivedAt = arrived();
    const { 'content-length': stated } = payload.headers;
    const declared = stated === undefined ? bodyBytes : Number(stated);
    if (declared > bodyBytes * drainedFactor) {
      done(tooLarge());
      return;
    }
    const read = (release: () => void): void => {
      collect(payload, bodyBytes, (error, bytes) => {
        try {
          if (error !== undefined) done(error);
          else if (bytes === undefined) done(tooLarge());
          else done(null, { bytes, arrivedAt });
        } finally {
          release();
        }
      });
    };
    if (declared <= smallBytes) read(() => undefined);
    else room.enter(Math.min(declared, bodyBytes), read);
  };
}

/** Calls back once: with all bytes, or with none when they are more than the limit. */
function collect(
  payload: IncomingMessage,
  limit: number,
  done: (error: Error | undefined, bytes?: Buffer) => void,
): void {
  let only: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let length = 0;
  let finished = false;
  const finish: typeof done = (error, bytes) => {
    if (finished) return;
    finished = true;
    done(error, bytes);
  };
  payload.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > limit) {
      only = undefined;
      chunks = undefined;
      if (length > limit * drainedFactor) finish(undefined);
    } else if (only === undefined) {
      only = chunk;
    } else {
      chunks ??= [only];
      chunks.push(chunk);
    }
  });
  payload.on('end', () => {
    if (length > limit) finish(undefined);
    else finish(undefined, chunks === undefined ? (only ?? empty) : Buffer.concat(chunks, length));
  });
  const gone = (): void => finish(new RejectedError('malformed-http', 'the caller went away'));
  payload.on('error', gone);
  // Whoever waited for room may have left before anybody listened.
  if (payload.destroyed && !payload.readableEnded) gone();
}

interface Room {
  /** Calls back as soon as there is room for so much, in the order of asking. */
  readonly enter: (bytes: number, inside: (release: () => void) => void) => void;
}

/** Shares out so many bytes of memory. */
function createRoom(size: number): Room {
  const waiting: { readonly bytes: number; readonly inside: (release: () => void) => void }[] = [];
  let used = 0;
  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (used > 0 && used + next.bytes > size) return;
      waiting.shift();
      const { bytes, inside } = next;
      used += bytes;
      inside(() => {
        used -= bytes;
        admit();
      });
    }
  };
  return {
    enter: (bytes, inside) => {
      waiting.push({ bytes, inside });
      admit();
    },
  };
}
