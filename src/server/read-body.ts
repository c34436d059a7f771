import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { createBodyRoom, createWaitingRoom } from './body-room.ts';
import type { Limits } from './limits.ts';
import { RejectedError } from './outcomes.ts';

/** A body as it came in, and when its call began to wait. */
export interface ReceivedBody {
  readonly bytes: Buffer;
  /** On the clock of performance.now(). */
  readonly arrivedAt: number;
}

type BodyLimits = Pick<Limits, 'bodyBytes' | 'receivedBytes' | 'bufferedBytes'>;
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
 * to review does not end this process. Small ones are read as they come; where all of them together are too much,
 * senders that stall are cut off, and where none does, the call is refused at once. What is refused is not kept: the
 * rest of it is thrown away as it comes.
 */
export function bodyReader(
  { bodyBytes, receivedBytes, bufferedBytes }: BodyLimits,
  arrived: () => number,
): (request: FastifyRequest, payload: IncomingMessage, done: Done) => void {
  const small = createBodyRoom(receivedBytes);
  const large = createWaitingRoom(bufferedBytes);
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
    let finish: Finish = () => undefined;
    const cut = (): void => finish(tooSlow());
    const read = (takes: (bytes: number) => boolean, leave: () => void): void => {
      finish = collect(payload, bodyBytes, takes, (error, bytes) => {
        try {
          if (error !== undefined) done(error);
          else if (bytes === undefined) done(tooLarge());
          else done(null, { bytes, arrivedAt });
        } finally {
          leave();
        }
      });
    };
    if (declared <= smallBytes) {
      const guest = small.enter(0, cut);
      read(
        (bytes) => small.grow(guest, bytes),
        () => small.leave(guest),
      );
    } else {
      large.enter(Math.min(declared, bodyBytes), cut, (guest) => {
        read(
          () => true,
          () => large.leave(guest),
        );
      });
    }
  };
}

const overloaded = (): Error =>
  new RejectedError('overloaded', 'too many reviews are coming in at once: ask again');
const tooSlow = (): Error => new RejectedError('too-slow', 'the body came in too slowly while others waited');

type Finish = (error: Error | undefined, bytes?: Buffer) => void;

/**
 * Calls back once: with all bytes, or with none when they are more than the limit. Returns what ends it earlier.
 */
function collect(
  payload: IncomingMessage,
  limit: number,
  takes: (bytes: number) => boolean,
  done: Finish,
): Finish {
  let only: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let length = 0;
  let finished = false;
  const finish: Finish = (error, bytes) => {
    if (finished) return;
    finished = true;
    only = undefined;
    chunks = undefined;
    done(error, bytes);
  };
  payload.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (finished) return;
    if (length > limit) {
      only = undefined;
      chunks = undefined;
      if (length > limit * drainedFactor) finish(undefined);
    } else if (!takes(chunk.length)) {
      finish(overloaded());
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
  return finish;
}
