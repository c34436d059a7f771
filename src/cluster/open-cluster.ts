import {
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type HttpMethod,
  type ResponseContext,
} from '@kubernetes/client-node';
import { isRecord } from '#sdk';
import { ClusterError, refusal, unreachable, type Asked } from './cluster-error.ts';
import type { ApiObject, OpenedCluster, PatchOptions, WatchEvent, WatchOptions } from './cluster.ts';
import { loadKubeconfig, type KubeconfigOptions } from './kubeconfig.ts';
import { linesOf } from './lines.ts';
import { nameOf, pathOf, type ObjectRef, type Resource } from './resource.ts';
import { orAborted, timeLimit } from './time-limit.ts';

interface ClusterOptions extends KubeconfigOptions {
  /** How long a call may take. */
  readonly timeoutSeconds?: number;
}

const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

/**
 * Opens the cluster that kubectl would talk to. Nothing is asked of it yet.
 *
 * @throws UserError `kubeconfig`
 */
export function openCluster({ timeoutSeconds = 30, ...options }: ClusterOptions): OpenedCluster {
  const config = loadKubeconfig(options);
  const server = config.getCurrentCluster()?.server ?? '';
  const http = new IsomorphicFetchHttpLibrary();
  // The client makes a pool of connections for each call; one for all calls is enough.
  let connections: ReturnType<RequestContext['getDispatcher']>;

  async function send(request: RequestContext): Promise<ResponseContext> {
    await config.applySecurityAuthentication(request);
    connections ??= request.getDispatcher();
    if (connections !== undefined) request.setDispatcher(connections);
    return http.send(request).toPromise();
  }

  async function sendWhole(request: RequestContext): Promise<Answer> {
    const { httpStatusCode: status, body } = await send(request);
    return { status, text: await body.text() };
  }

  function requestFor(
    method: HttpMethod,
    path: string,
    query: Query,
    accept = 'application/json',
  ): RequestContext {
    const request = new RequestContext(`${server}${path}`, method);
    for (const [key, value] of Object.entries(query))
      if (value !== undefined) request.setQueryParam(key, String(value));
    request.setHeaderParam('accept', accept);
    return request;
  }

  async function call(
    verb: string,
    method: HttpMethod,
    target: Resource & Partial<ObjectRef>,
    options: CallOptions = {},
  ): Promise<ApiObject> {
    const what = { verb, target: nameOf(target), server, namespace: target.namespace };
    return ask(what, pathOf(target), method, options, target.resource === 'secrets');
  }

  async function ask(
    what: Asked,
    path: string,
    method: HttpMethod,
    { query = {}, body, type = 'application/json', accept, signal }: CallOptions,
    isSecret = false,
  ): Promise<ApiObject> {
    const request = requestFor(method, path, query, accept);
    if (body !== undefined) {
      request.setHeaderParam('content-type', type);
      request.setBody(JSON.stringify(body));
    }
    const limit = timeLimit(timeoutSeconds * 1000, signal);
    request.setSignal(limit.signal);
    const answer = await orAborted(sendWhole(request), limit.signal)
      .catch((error: unknown) => {
        throw unreachable(what, limit.isOver() ? `no answer within ${timeoutSeconds} seconds` : error);
      })
      .finally(limit.end);
    if (answer.status >= 200 && answer.status < 300) {
      const object = parseObject(answer.text);
      if (object !== undefined) return object;
      throw unreachable(what, 'it answers no JSON: is this the address of an API server?');
    }
    throw refusal(what, answer.status, parseObject(answer.text), isSecret);
  }

  async function watch(
    resource: Resource,
    { resourceVersion, lastsSeconds, signal }: WatchOptions,
  ): Promise<AsyncIterable<WatchEvent>> {
    const what = { verb: 'watch', target: nameOf(resource), server, namespace: undefined };
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion,
      timeoutSeconds: lastsSeconds,
    };
    const request = requestFor('GET', pathOf(resource), query);
    // An API server that has gone without a word never ends it.
    const limit = timeLimit((lastsSeconds + timeoutSeconds) * 1000, signal);
    request.setSignal(limit.signal);
    const failed = (error: unknown): never => {
      limit.end();
      if (error instanceof ClusterError) throw error;
      throw unreachable(what, limit.isOver() ? 'it has stopped answering' : error);
    };
    const { httpStatusCode: status, body } = await orAborted(send(request), limit.signal).catch(failed);
    if (status !== 200)
      return failed(refusal(what, status, parseObject(await body.text().catch(failed)), false));
    const stream = body.stream();
    return stream === null ? failed(unreachable(what, 'it answers a watch with nothing')) : events(stream);

    async function* events(bytes: AsyncIterable<Uint8Array>): AsyncIterable<WatchEvent> {
      try {
        for await (const line of linesOf(bytes, longestEvent)) {
          const event = parseObject(line);
          const object = event?.['object'];
          if (!isRecord(object))
            throw unreachable(what, 'it answers no JSON: is this the address of an API server?');
          const type = event?.['type'];
          if (type === 'ERROR') throw refusal(what, Number(object['code']), object, false);
          yield { type: type as WatchEvent['type'], object };
        }
      } catch (error) {
        failed(error);
      } finally {
        limit.end();
      }
    }
  }

  const writing = ({ dryRun, fieldManager = 'daygate' }: PatchOptions): Query => ({
    fieldManager,
    ...(dryRun === true ? { dryRun: 'All' } : {}),
  });
  const context = config.getCurrentContext();
  return {
    server,
    // What the client calls the cluster that a pod runs in.
    context: context === 'inClusterContext' ? undefined : context,
    get: (object) => call('get', 'GET', object),
    read: (path) => ask({ verb: 'get', target: path, server, namespace: undefined }, path, 'GET', {}),
    list: (resource, { namespace, signal, metadataOnly = false, ...query } = {}) =>
      call(
        'list',
        'GET',
        { ...resource, ...(namespace === undefined ? {} : { namespace }) },
        { query, signal, ...(metadataOnly ? { accept: metadataList } : {}) },
      ),
    watch,
    create: (resource, object) => call('create', 'POST', resource, { body: object, query: writing({}) }),
    patch: (object, patch, { type = 'merge', ...options } = {}) =>
      call('patch', 'PATCH', object, { body: patch, type: patchTypes[type], query: writing(options) }),
    remove: (object) => call('delete', 'DELETE', object),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

// etcd takes 1.5 MiB, and JSON is at most a few times what lies there.
const longestEvent = 32 * 1024 * 1024;

type Query = Readonly<Record<string, string | number | undefined>>;

interface CallOptions {
  readonly query?: Query;
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Of each object nothing but its metadata. */
const metadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

function parseObject(text: string): ApiObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
