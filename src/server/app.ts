import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Facts } from '#sdk';
import type { Compiled } from '../engine/compile.ts';
import { messageOf } from '../errors.ts';
import { describeError, type Logger } from '../log/log.ts';
import { secureContext } from './certificate.ts';
import { arrivalClock } from './deadline.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Metrics, Webhook } from './metrics.ts';
import { outcomes, RejectedError, statusBody, type Rejection } from './outcomes.ts';
import { runChecks, type Check } from './readiness.ts';
import { bodyReader, type ReceivedBody } from './read-body.ts';
import { createReviewer } from './reviewer.ts';
import type { CertificateSource } from './tls.ts';

export interface ServerOptions {
  /** The settings in force; may return others later. */
  readonly compiled: () => Compiled;
  readonly certificate: CertificateSource;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: Partial<Limits>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly facts?: () => Facts | undefined;
  /** What /readyz asks. */
  readonly checks: readonly Check[];
  /** Whether callers are sent elsewhere. */
  readonly isDraining: () => boolean;
}

export type HttpsServer = FastifyInstance<Server, IncomingMessage, ServerResponse>;

// The API server gives up an idle connection after 90 s; a server that does so first breaks calls.
const keepAliveMs = 100_000;
// timeoutSeconds of a webhook is at most 30: whoever needs longer to send a review is not waiting any more.
const requestMs = 35_000;
const handshakeMs = 10_000;

/** Makes the HTTPS server with all its routes, not listening yet. */
export function createServer(options: ServerOptions): HttpsServer {
  const { certificate, metrics, logger, isDraining } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const app = fastify({
    https: {
      ...secureContext(certificate.current()),
      handshakeTimeout: handshakeMs,
      // Whether a client certificate is needed depends on the path: probes of the kubelet have none.
      requestCert: certificate.current().clientCa !== undefined,
      rejectUnauthorized: false,
    },
    keepAliveTimeout: keepAliveMs,
    requestTimeout: requestMs,
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: () => '',
    frameworkErrors: (_error, _request, reply) => {
      reject(reply, new RejectedError('unknown-path', 'there is nothing at this path'));
    },
    clientErrorHandler: (error, socket) => {
      metrics.rejected('malformed-http').inc();
      answerRawly(error, socket);
    },
  });
  const isAged = watchAge(app.server, limits.connectionMs);
  const review = createReviewer({ ...options, limits, facts: options.facts ?? (() => undefined) });

  const send = (reply: FastifyReply, http: number, type: string, body: string): void => {
    if (isDraining() || isAged(reply.request.raw.socket)) reply.header('connection', 'close');
    reply.code(http).header('content-type', type).send(body);
  };

  const reject = (reply: FastifyReply, error: unknown): void => {
    const { outcome, message, uid } = rejectionOf(error);
    metrics.rejected(outcome).inc();
    if (error instanceof RejectedError) {
      logger[outcomes[outcome].log](
        { outcome, ...(uid === undefined ? {} : { uid }), reason: message },
        'rejected',
      );
    } else {
      logger[outcomes[outcome].log]({ outcome, ...describeError(error) }, 'rejected');
    }
    send(reply, outcomes[outcome].http, json, statusBody(outcome, message, uid));
  };

  const needsCertificate = certificate.current().clientCa !== undefined;
  type ReviewRequest = FastifyRequest<{ Params: { profile: string }; Querystring: { timeout?: unknown } }>;
  const answer = (webhook: Webhook) => (request: ReviewRequest, reply: FastifyReply) => {
    try {
      if (needsCertificate) demandCertificate(request.raw);
      const body = jsonBody(request);
      send(reply, 200, json, review(webhook, request.params.profile, request.query.timeout, body));
    } catch (error) {
      reject(reply, error);
    }
  };

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', bodyReader(limits.bodyBytes, arrivalClock()));
  app.post('/validate/:profile', answer('validate'));
  app.post('/mutate/:profile', answer('mutate'));
  app.get('/livez', (_request, reply) => send(reply, 200, plain, 'ok\n'));
  app.get<{ Querystring: Record<string, unknown> }>('/readyz', ({ query }, reply) => {
    const { ready, report } = runChecks(options.checks);
    if (!ready) metrics.rejected('not-ready').inc();
    const http = ready ? 200 : outcomes['not-ready'].http;
    send(reply, http, plain, ready && !('verbose' in query) ? 'ok\n' : report);
  });
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.text();
    reply.header('content-type', metrics.contentType);
    return text;
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(request.url);
    if (allowed === undefined) {
      reject(reply, new RejectedError('unknown-path', 'there is nothing at this path'));
    } else {
      reply.header('allow', allowed);
      reject(reply, new RejectedError('wrong-method', `this path takes ${allowed}`));
    }
  });
  app.setErrorHandler((error, _request, reply) => reject(reply, error));
  certificate.onChange(
    (next) => {
      app.server.setSecureContext(secureContext(next));
      metrics.certificateReload(true);
      metrics.certificateExpiry('leaf', next.leafExpiry);
      metrics.certificateExpiry('ca', next.caExpiry);
      logger.info({ fingerprint: next.fingerprint, ends: new Date(next.leafExpiry) }, 'certificate replaced');
    },
    (reason) => {
      metrics.certificateReload(false);
      logger.error({ reason }, 'the certificate files cannot be used: the certificate before them stays');
    },
  );
  metrics.certificateExpiry('leaf', certificate.current().leafExpiry);
  metrics.certificateExpiry('ca', certificate.current().caExpiry);
  app.server.on('tlsClientError', (error) =>
    logger.debug({ reason: messageOf(error) }, 'a handshake failed'),
  );
  return app;
}

const json = 'application/json; charset=utf-8';
const plain = 'text/plain; charset=utf-8';

/** Errors of fastify, by what they mean. Whatever is not named here is a fault of daygate. */
const fastifyErrors: Readonly<Record<string, readonly [Rejection, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['wrong-media-type', 'content-type: expected application/json'],
};

function rejectionOf(error: unknown): { outcome: Rejection; message: string; uid: string | undefined } {
  if (error instanceof RejectedError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = Object.hasOwn(fastifyErrors, code) ? fastifyErrors[code] : undefined;
  const [outcome, message] = known ?? ['fault', 'it failed on this call; its log says where'];
  return { outcome, message, uid: undefined };
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

function demandCertificate({ socket }: IncomingMessage): void {
  if (socket instanceof TLSSocket && socket.authorized) return;
  throw new RejectedError('no-client-certificate', 'reviews need a certificate of the client CA');
}

function methodsOf(url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  if (/^\/(?:validate|mutate)\/[^/]+$/.test(path)) return 'POST';
  return /^\/(?:livez|readyz|metrics)$/.test(path) ? 'GET, HEAD' : undefined;
}

/** Tells which connections have lasted long enough; spread by a fifth, so that not all end together. */
function watchAge(server: Server, longestMs: number): (socket: object) => boolean {
  const ends = new WeakMap<object, number>();
  server.on('secureConnection', (socket) => {
    ends.set(socket, performance.now() + longestMs * (0.8 + 0.4 * Math.random()));
  });
  return (socket) => performance.now() > (ends.get(socket) ?? Infinity);
}

/** Answers what is no HTTP, on the bare socket. */
function answerRawly(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = statusBody('malformed-http', 'this is no HTTP request that can be answered');
  const { http } = outcomes['malformed-http'];
  socket.end(
    `HTTP/1.1 ${http} Bad Request\r\ncontent-type: ${json}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
