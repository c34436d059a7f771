import {
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type HttpMethod,
  type ResponseContext,
} from '@kubernetes/client-node';
import { ClusterError, refusal, unreachable, type Asked } from './cluster-error.ts';
import { loadKubeconfig, type KubeconfigOptions } from './kubeconfig.ts';
import { linesOf } from './lines.ts';
import { nameOf, pathOf, type ObjectRef, type Resource } from './resource.ts';

/** JSON objects as the API server sends them: nothing is decoded, so nothing that daygate does not know is lost. */
export type ApiObject = Readonly<Record<string, unknown>>;

export interface ListOptions {
  /** Only of this namespace; otherwise of all. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** How many at most in one answer; `continue` leads to the next. */
  readonly limit?: number;
  /** What `metadata.continue` of the answer before says. */
  readonly continue?: string;
  /** Leaves out all but the metadata of each object. */
  readonly metadataOnly?: boolean;
  /** Gives the call up. */
  readonly signal?: AbortSignal;
}

export interface WatchOptions {
  /** Changes after this one. */
  readonly resourceVersion: string;
  /** After how long the API server ends the watch in order. */
  readonly lastsSeconds: number;
  /** Gives it up. */
  readonly signal: AbortSignal;
}

export interface WatchEvent {
  /** A bookmark says only up to which resourceVersion all was told. */
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: ApiObject;
}

export interface PatchOptions {
  /**
   * `merge` (RFC 7396, the default), `strategic` (lists by their merge key) or `json` (RFC 6902). The first two are
   * refused with 409 where they carry a metadata.resourceVersion that is not the object's any more.
   */
  readonly type?: 'merge' | 'strategic' | 'json';
  readonly dryRun?: boolean;
  /** By this name the API server remembers who set a field, and tells it in conflicts. */
  readonly fieldManager?: string;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
}

/**
 * An API server. Every call throws a ClusterError, whose `status` tells the cases apart: 404 is not there, 409 was
 * changed meanwhile (read again), 403 lacks a right, undefined was not reached.
 */
export interface Cluster {
  /** Its address, for messages. */
  readonly server: string;
  /** The namespace of the context, or of the pod. */
  readonly namespace: string | undefined;
  get(object: ObjectRef): Promise<ApiObject>;
  /** What the API server says of itself: `/version`, `/apis`, `/apis/apps/v1`. */
  read(path: string): Promise<ApiObject>;
  list(resource: Resource, options?: ListOptions): Promise<ApiObject>;
  /**
   * What changes, in all namespaces. Resolves when the API server has begun to tell, and throws while it is read where
   * that breaks off; status 410 means that the resourceVersion is too old: list again.
   */
  watch(resource: Resource, options: WatchOptions): Promise<AsyncIterable<WatchEvent>>;
  create(
    resource: Resource & { readonly namespace?: string },
    object: ApiObject,
    options?: WriteOptions,
  ): Promise<ApiObject>;
  patch(object: ObjectRef, patch: unknown, options?: PatchOptions): Promise<ApiObject>;
  remove(object: ObjectRef, options?: WriteOptions): Promise<ApiObject>;
}

/** A cluster by its kubeconfig. */
export interface OpenedCluster extends Cluster {
  /** The context of the kubeconfig; undefined where a pod talks to its own cluster. */
  readonly context: string | undefined;
}

export interface ClusterOptions extends KubeconfigOptions {
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
          if (!isObject(object))
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
    namespace: config.getContextObject(context)?.namespace,
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
    create: (resource, object, options = {}) =>
      call('create', 'POST', resource, { body: object, query: writing(options) }),
    patch: (object, patch, { type = 'merge', ...options } = {}) =>
      call('patch', 'PATCH', object, { body: patch, type: patchTypes[type], query: writing(options) }),
    remove: (object, options = {}) =>
      call('delete', 'DELETE', object, { query: options.dryRun === true ? { dryRun: 'All' } : {} }),
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
interface TimeLimit {
  /** Given up, because of time or because it was told to. */
  readonly signal: AbortSignal;
  readonly isOver: () => boolean;
  /** What it was for has ended. */
  readonly end: () => void;
}

/** Unlike AbortSignal.any, it leaves nothing behind with a signal that lives as long as the process. */
function timeLimit(ms: number, outer: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    abort();
  }, ms).unref();
  if (outer?.aborted === true) abort();
  else outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

/** The program that a kubeconfig gets its token from may wait for somebody at a keyboard. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    work.then(resolve, reject);
  });
}

function parseObject(text: string): ApiObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is ApiObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
