import type { ObjectRef, Resource } from './resource.ts';

/** JSON objects as the API server sends them: nothing is decoded, so nothing that daygate does not know is lost. */
export type ApiObject = Readonly<Record<string, unknown>>;

interface ListOptions {
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

/**
 * An API server. Every call throws a ClusterError, whose `status` tells the cases apart: 404 is not there, 409 was
 * changed meanwhile (read again), 403 lacks a right, undefined was not reached.
 */
export interface Cluster {
  /** Its address, for messages. */
  readonly server: string;
  get(object: ObjectRef): Promise<ApiObject>;
  /** What the API server says of itself: `/version`, `/apis`, `/apis/apps/v1`. */
  read(path: string): Promise<ApiObject>;
  list(resource: Resource, options?: ListOptions): Promise<ApiObject>;
  /**
   * What changes, in all namespaces. Resolves when the API server has begun to tell, and throws while it is read where
   * that breaks off; status 410 means that the resourceVersion is too old: list again.
   */
  watch(resource: Resource, options: WatchOptions): Promise<AsyncIterable<WatchEvent>>;
  create(resource: Resource & { readonly namespace?: string }, object: ApiObject): Promise<ApiObject>;
  patch(object: ObjectRef, patch: unknown, options?: PatchOptions): Promise<ApiObject>;
  remove(object: ObjectRef): Promise<ApiObject>;
}

/** A cluster by its kubeconfig. */
export interface OpenedCluster extends Cluster {
  /** The context of the kubeconfig; undefined where a pod talks to its own cluster. */
  readonly context: string | undefined;
}
