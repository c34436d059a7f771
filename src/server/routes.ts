import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import { printable } from '../engine/message.ts';
import { codeOf } from '../errors.ts';
import { describeError, type Logger } from '../log/log.ts';
import { remembered } from './kept-series.ts';
import type { Metrics, Webhook } from './metrics.ts';
import { outcomes, RejectedError, statusBody, type Rejection } from './outcomes.ts';
import { runChecks, type Check } from './readiness.ts';
import type { ReceivedBody } from './read-body.ts';
import type { Reviewer } from './reviewer.ts';
import { statusText, type StatusPart } from './statusz.ts';
import { suspendedUntil } from './suspension.ts';
import type { ReviewTrace, Traces } from './traces.ts';
import { createTurns } from './turns.ts';

export type HttpsServer = FastifyInstance<Server, IncomingMessage, ServerResponse>;

export const jsonType = 'application/json; charset=utf-8';
const textType = 'text/plain; charset=utf-8';

interface ReplierOptions {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Whether the caller is to come back on another connection. */
  readonly closes: (socket: object) => boolean;
}

/** How all answers leave. */
interface Replier {
  readonly send: (reply: FastifyReply, http: number, type: string, body: string) => void;
  readonly reject: (reply: FastifyReply, error: unknown) => Rejection;
}

// Whoever can reach the port can make wrong calls; the metric counts all of them, the log need not. Those of one outcome
// keep no other out of it.
const rejectionsLogged = 20;

export function createReplier({ metrics, logger, closes }: ReplierOptions): Replier {
  const mayLog = remembered(() => atMost(rejectionsLogged, 1000));
  const send: Replier['send'] = (reply, http, type, body) => {
    if (http === outcomes['too-slow'].http || closes(reply.request.raw.socket))
      reply.header('connection', 'close');
    reply.code(http).header('content-type', type).send(body);
  };
  return {
    send,
    reject: (reply, error) => {
      const { outcome, message, uid } = rejectionOf(error);
      metrics.rejected(outcome).inc();
      const level = mayLog(outcome)() ? outcomes[outcome].log : 'trace';
      try {
        const said =
          error instanceof RejectedError
            ? { ...(uid === undefined ? {} : { uid: printable(uid, 253) }), reason: message }
            : describeError(error);
        logger[level]({ outcome, ...said }, 'rejected');
      } catch {
        // A log that fails must not take the answer with it: fastify would send its own, which quotes the error.
      }
      // API servers then ask again by themselves, as long as timeoutSeconds lasts. fastify would close the connection,
      // and a handshake costs as much as ten reviews.
      if (outcome === 'overloaded') reply.header('connection', 'keep-alive').header('retry-after', '1');
      send(reply, outcomes[outcome].http, jsonType, statusBody(outcome, message, uid));
      return outcome;
    },
  };
}

function rejectionOf(error: unknown): RejectedError {
  if (error instanceof RejectedError) return error;
  return codeOf(error) === 'FST_ERR_CTP_INVALID_MEDIA_TYPE'
    ? new RejectedError('wrong-media-type', 'content-type: expected application/json')
    : new RejectedError('fault', 'it failed on this call; its log says where');
}

/** Says yes so many times in each span of milliseconds. */
function atMost(times: number, spanMs: number): () => boolean {
  let [began, left] = [-Infinity, times];
  return () => {
    const now = performance.now();
    if (now - began >= spanMs) [began, left] = [now, times];
    left -= 1;
    return left >= 0;
  };
}

interface ReviewRoutes {
  readonly review: Reviewer;
  readonly needsCertificate: boolean;
  readonly traces: Traces | undefined;
}

/** POST /validate/:profile and /mutate/:profile, with /suspended/:until or without: what the API server calls. */
export function addReviewRoutes(
  app: HttpsServer,
  { send, reject }: Replier,
  { review, needsCertificate, traces }: ReviewRoutes,
): void {
  type ReviewRequest = FastifyRequest<{
    Params: { profile: string; until?: string };
    Querystring: { timeout?: unknown };
  }>;
  const enqueue = createTurns();
  const answer = (webhook: Webhook) => (request: ReviewRequest, reply: FastifyReply) => {
    let trace: ReviewTrace | undefined;
    const failed = (error: unknown): void => {
      const outcome = reject(reply, error);
      trace?.ended(outcome);
    };
    const done = (text: string): void => {
      try {
        send(reply, 200, jsonType, text);
        trace?.ended();
      } catch (error) {
        // Nobody above would catch it: it would end the process.
        failed(error);
      }
    };
    const judge = (): (() => void) | undefined => {
      try {
        const { profile, until } = request.params;
        if (needsCertificate) demandCertificate(request.raw);
        const body = jsonBody(request);
        trace = traces?.begin(webhook, request.headers, body.arrivedAt);
        const answered = review(webhook, profile, request.query.timeout, body, untilOf(until), trace);
        if (typeof answered === 'string') return () => done(answered);
        answered.then(done, failed);
        return undefined;
      } catch (error) {
        return () => failed(error);
      }
    };
    // What comes without a content type has no body that anybody has read.
    enqueue({ bytes: (request.body as ReceivedBody | undefined)?.bytes.length ?? 0, judge });
  };
  app.post('/validate/:profile', answer('validate'));
  app.post('/mutate/:profile', answer('mutate'));
  app.post('/validate/:profile/suspended/:until', answer('validate'));
  app.post('/mutate/:profile/suspended/:until', answer('mutate'));
}

/** What `daygate breakglass` writes behind the path; anything else is none of ours. */
function untilOf(step: string | undefined): number | undefined {
  if (step === undefined) return undefined;
  const until = suspendedUntil(step);
  if (until === undefined) throw new RejectedError('unknown-path', 'there is nothing at this path');
  return until;
}

function demandCertificate({ socket }: IncomingMessage): void {
  if (socket instanceof TLSSocket && socket.authorized) return;
  throw new RejectedError('no-client-certificate', 'reviews need a certificate of the client CA');
}

const utf8Json = /^application\/json[\t ]*(?:;[\t ]*charset="?utf-?8"?[\t ]*)?$/i;

function jsonBody({ headers, body }: FastifyRequest): ReceivedBody {
  const type = headers['content-type'] ?? '';
  if (type !== 'application/json' && !utf8Json.test(type)) {
    throw new RejectedError('wrong-media-type', 'content-type: expected application/json in UTF-8');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new RejectedError('wrong-media-type', 'content-encoding: expected none');
  }
  return body as ReceivedBody;
}

interface OperatorRoutes {
  readonly checks: readonly Check[];
  readonly metrics: Metrics;
  readonly status: readonly StatusPart[];
}

/** GET /livez, /readyz, /metrics and /statusz: what kubelets, Prometheus and people call. */
export function addOperatorRoutes(
  app: HttpsServer,
  { send }: Replier,
  { checks, metrics, status }: OperatorRoutes,
): void {
  app.get('/livez', (_request, reply) => send(reply, 200, textType, 'ok\n'));
  app.get<{ Querystring: Record<string, unknown> }>('/readyz', ({ query }, reply) => {
    const { ready, report } = runChecks(checks);
    if (!ready) metrics.rejected('not-ready').inc();
    const http = ready ? 200 : outcomes['not-ready'].http;
    send(reply, http, textType, ready && !('verbose' in query) ? 'ok\n' : report);
  });
  app.get('/metrics', async (_request, reply) => {
    send(reply, 200, metrics.contentType, await metrics.text());
    return reply;
  });
  app.get('/statusz', async (_request, reply) => {
    send(reply, 200, jsonType, await statusText(status));
    return reply;
  });
}

/** What is none of the above. */
export function addFallbacks(app: HttpsServer, { reject }: Replier): void {
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(request.url);
    if (allowed !== undefined) reply.header('allow', allowed);
    const problem =
      allowed === undefined
        ? new RejectedError('unknown-path', 'there is nothing at this path')
        : new RejectedError('wrong-method', `this path takes ${allowed}`);
    reject(reply, problem);
  });
  app.setErrorHandler((error, _request, reply) => reject(reply, error));
}

function methodsOf(url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  if (/^\/(?:validate|mutate)\/[^/]+(?:\/suspended\/[^/]+)?$/.test(path)) return 'POST';
  return /^\/(?:livez|readyz|metrics|statusz)$/.test(path) ? 'GET, HEAD' : undefined;
}
