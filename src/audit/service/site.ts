import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import type { AuditService } from './audit-service.ts';
import type { Problems } from './problems.ts';
import type { ServiceMetrics } from './service-metrics.ts';

interface SiteOptions {
  readonly service: Pick<AuditService, 'pages'>;
  readonly problems: Pick<Problems, 'lines'>;
  readonly metrics: Pick<ServiceMetrics, 'contentType' | 'text'>;
  readonly isEnding: () => boolean;
}

const plain = 'text/plain; charset=utf-8';

/** The page has its style and its script in itself, and says by their digests which (a policy of its own). */
const headers: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // Asked again each time: there may be a new report.
  'cache-control': 'no-cache',
};

/** Nobody needs longer to ask for a page, and a few at once are many. */
const requestMs = 10_000;
const idleMs = 60_000;
const connections = 200;

/**
 * The HTTP side of the service, not listening yet: GET and HEAD of what is in memory. Paths are looked up as they are
 * written, and none leads to a file.
 */
export function createSite({ service, problems, metrics, isEnding }: SiteOptions): FastifyInstance {
  const app = fastify({
    requestTimeout: requestMs,
    connectionTimeout: idleMs,
    keepAliveTimeout: idleMs,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    frameworkErrors: (_error, _request, reply) =>
      void answer(reply, 404, plain, 'there is nothing at this path\n'),
  });
  app.server.maxConnections = connections;
  app.addHook('onRequest', (request, reply, next) => {
    if (isEnding()) reply.header('connection', 'close');
    if (request.method === 'GET' || request.method === 'HEAD') {
      next();
      return;
    }
    // Its body is not read, so the connection is of no further use.
    reply.header('allow', 'GET, HEAD').header('connection', 'close');
    answer(reply, 405, plain, 'this service only answers GET and HEAD\n');
  });
  for (const path of ['/', '/report.json', '/report.csv'])
    app.get(path, (_request, reply) => {
      const pages = service.pages();
      const page = pages?.paths.get(path);
      if (pages === undefined || page === undefined) {
        reply.header('retry-after', '10');
        return answer(reply, 503, plain, 'the first audit has not ended yet: ask again in a moment\n');
      }
      reply.header('last-modified', new Date(pages.at).toUTCString());
      return answer(reply, 200, page.type, page.body);
    });
  app.get('/metrics', async (_request, reply) =>
    answer(reply, 200, metrics.contentType, await metrics.text()),
  );
  app.get('/livez', (_request, reply) => answer(reply, 200, plain, 'ok\n'));
  app.get('/readyz', (_request, reply) => {
    const lines = problems.lines().map((line) => `${line}\n`);
    if (isEnding()) return answer(reply, 503, plain, 'the service is ending\n');
    const pages = service.pages();
    if (pages === undefined)
      return answer(reply, 503, plain, ['the first audit has not ended yet\n', ...lines].join(''));
    const of = `the report is of ${new Date(pages.at).toISOString()}\n`;
    return answer(reply, 200, plain, ['ok\n', of, ...lines].join(''));
  });
  app.setNotFoundHandler((_request, reply) => answer(reply, 404, plain, 'there is nothing at this path\n'));
  app.setErrorHandler((_error, _request, reply) => answer(reply, 500, plain, 'it failed on this call\n'));
  return app;
}

function answer(reply: FastifyReply, status: number, type: string, body: string | Buffer): FastifyReply {
  return reply.code(status).headers(headers).header('content-type', type).send(body);
}
