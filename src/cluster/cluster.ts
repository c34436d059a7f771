import { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } from '@kubernetes/client-node';
import { refusal, unreachable, type Asked } from './cluster-error.ts';
import { loadKubeconfig, type KubeconfigOptions } from './kubeconfig.ts';
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

  async function send(request: RequestContext): Promise<{ readonly status: number; readonly text: string }> {
    await config.applySecurityAuthentication(request);
    connections ??= request.getDispatcher();
    if (connections !== undefined) request.setDispatcher(connections);
    const response = await http.send(request).toPromise();
    return { status: response.httpStatusCode, text: await response.body.text() };
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
    { query = {}, body, type = 'application/json', accept = 'application/json' }: CallOptions,
    isSecret = false,
  ): Promise<ApiObject> {
    const request = new RequestContext(`${server}${path}`, method);
    for (const [key, value] of Object.entries(query))
      if (value !== undefined) request.setQueryParam(key, String(value));
    request.setHeaderParam('accept', accept);
    if (body !== undefined) {
      request.setHeaderParam('content-type', type);
      request.setBody(JSON.stringify(body));
    }
    const limit = AbortSignal.timeout(timeoutSeconds * 1000);
    request.setSignal(limit);
    const answer = await orAborted(send(request), limit).catch((error: unknown) => {
      throw unreachable(what, limit.aborted ? `no answer within ${timeoutSeconds} seconds` : error);
    });
    if (answer.status >= 200 && answer.status < 300) {
      const object = parseObject(answer.text);
      if (object !== undefined) return object;
      throw unreachable(what, 'it answers no JSON: is this the address of an API server?');
    }
    throw refusal(what, answer.status, parseObject(answer.text), isSecret);
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
    read: (path) =>
      ask({ verb: 'get', target: path, server, namespace: undefined }, path, HttpMethod.GET, {}),
    list: (resource, { namespace, metadataOnly = false, ...query } = {}) =>
      call(
        'list',
        'GET',
        { ...resource, ...(namespace === undefined ? {} : { namespace }) },
        { query, ...(metadataOnly ? { accept: metadataList } : {}) },
      ),
    create: (resource, object, options = {}) =>
      call('create', 'POST', resource, { body: object, query: writing(options) }),
    patch: (object, patch, { type = 'merge', ...options } = {}) =>
      call('patch', 'PATCH', object, { body: patch, type: patchTypes[type], query: writing(options) }),
    remove: (object, options = {}) =>
      call('delete', 'DELETE', object, { query: options.dryRun === true ? { dryRun: 'All' } : {} }),
  };
}

type Query = Readonly<Record<string, string | number | undefined>>;

interface CallOptions {
  readonly query?: Query;
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
}

/** Of each object nothing but its metadata. */
const metadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

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
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as ApiObject)
      : undefined;
  } catch {
    return undefined;
  }
}
