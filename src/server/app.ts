import { fastify } from 'fastify';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Facts } from '#sdk';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log/log.ts';
import { watchConnections } from './connections.ts';
import { secureContext, type Certificate } from './certificate.ts';
import { arrivalClock } from './deadline.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { outcomes, RejectedError, statusBody } from './outcomes.ts';
import type { Check } from './readiness.ts';
import { bodyReader } from './read-body.ts';
import { createReviewer } from './reviewer.ts';
import {
  addFallbacks,
  addOperatorRoutes,
  addReviewRoutes,
  createReplier,
  jsonType,
  type HttpsServer,
} from './routes.ts';
import type { Answered } from './record/recorder.ts';
import type { InForce } from './settings/in-force.ts';
import type { StatusPart } from './statusz.ts';
import type { Suspension } from './suspension.ts';
import type { CertificateSource } from './tls.ts';
import type { Traces } from './traces.ts';

interface ServerOptions {
  /** May return others later. */
  readonly settings: () => InForce;
  readonly certificate: CertificateSource;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly traces?: Traces | undefined;
  readonly suspension: Suspension;
  readonly record?: ((answered: Answered) => void) | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly facts: () => Facts | undefined;
  /** What /readyz asks. */
  readonly checks: readonly Check[];
  /** What /statusz tells. */
  readonly status: readonly StatusPart[];
  /** Whether callers are sent elsewhere. */
  readonly isDraining: () => boolean;
}

// The API server gives up an idle connection after 90 s; a server that does so first breaks calls.
const keepAliveMs = 100_000;
// timeoutSeconds of a webhook is at most 30: whoever needs longer to send a review is not waiting any more.
const requestMs = 35_000;
// API servers send the head of a call at once, and make a connection only to do so.
const headersMs = 10_000;
// The connection was reset, or closed in the middle of a call.
const goneCodes: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);
// How often Node.js looks for calls that took longer: 30 s would double what they may take.
const checkMs = 2_500;

interface AdmissionServer {
  readonly app: HttpsServer;
  /** Ends all connections at once. */
  readonly cut: () => void;
}

/** Makes the HTTPS server with all its routes, not listening yet. */
export function createServer(options: ServerOptions): AdmissionServer {
  const { certificate, metrics, isDraining, limits } = options;
  const needsCertificate = certificate.current().clientCa !== undefined;
  const app = fastify({
    https: {
      ...secureContext(certificate.current()),
      handshakeTimeout: limits.handshakeMs,
      headersTimeout: headersMs,
      connectionsCheckingInterval: checkMs,
      // Whether a client certificate is needed depends on the path: probes of the kubelet have none.
      requestCert: needsCertificate,
      rejectUnauthorized: false,
      allowHalfOpen: true,
    },
    keepAliveTimeout: keepAliveMs,
    requestTimeout: requestMs,
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: () => '',
    frameworkErrors: (_error, _request, reply) => {
      replier.reject(reply, new RejectedError('unknown-path', 'there is nothing at this path'));
    },
    clientErrorHandler: (error, socket) => {
      // A call whose caller goes away while its body comes in is counted where that is read.
      if (!goneCodes.has(error.code)) metrics.rejected('malformed-http').inc();
      answerRawly(error, socket);
    },
  });
  answerHalfClosed(app.server);
  const connections = watchConnections(app.server, {
    most: limits.connections,
    longestMs: limits.connectionMs,
    onDropped: () => metrics.connectionDropped().inc(),
  });
  metrics.countConnections(connections.count);
  const closes = (socket: object): boolean => connections.answered(socket) || isDraining();
  const replier = createReplier({ ...options, closes });
  const review = createReviewer(options);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', bodyReader(limits, arrivalClock()));
  addReviewRoutes(app, replier, { review, needsCertificate, traces: options.traces });
  addOperatorRoutes(app, replier, options);
  addFallbacks(app, replier);
  followCertificate(app.server, options);
  return { app, cut: connections.cut };
}

/**
 * Lets a call be answered whose caller has closed its half of the connection behind it; afterwards Node.js closes the
 * other one. It needs `allowHalfOpen` besides. The property is not documented; without it such callers get no answer,
 * and a test would tell.
 */
function answerHalfClosed(server: Server & { httpAllowHalfOpen?: boolean }): void {
  server.httpAllowHalfOpen = true;
}

/** Gives a server each new certificate. Connections that are open stay with the one they were made with. */
function followCertificate(server: Server, { certificate, metrics, logger }: ServerOptions): void {
  const show = ({ leafExpiry, caExpiry }: Certificate): void => {
    metrics.certificateExpiry('leaf', leafExpiry);
    metrics.certificateExpiry('ca', caExpiry);
  };
  show(certificate.current());
  certificate.onChange(
    (next) => {
      server.setSecureContext(secureContext(next));
      metrics.certificateReload(true);
      show(next);
      logger.info({ fingerprint: next.fingerprint, ends: new Date(next.leafExpiry) }, 'certificate replaced');
    },
    (reason) => {
      metrics.certificateReload(false);
      logger.error({ reason }, 'the certificate files cannot be used: the certificate before them stays');
    },
  );
  server.on('tlsClientError', (error, socket) => {
    // Where it came to no end in time Node.js leaves this to whoever listens, and the socket would stay open for ever.
    socket.destroy();
    logger.debug({ reason: messageOf(error) }, 'a handshake failed');
  });
}

/** Answers what is no HTTP, on the bare socket. */
function answerRawly(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = statusBody('malformed-http', 'this is no HTTP request that can be answered');
  const { http } = outcomes['malformed-http'];
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 ${http} Bad Request\r\ncontent-type: ${jsonType}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
