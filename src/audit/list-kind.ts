import { setTimeout as sleep } from 'node:timers/promises';
import { records, type KindInfo, type KubernetesObject } from '#sdk';
import { ClusterError, continueToken } from '../cluster/cluster-error.ts';
import type { ApiObject, Cluster } from '../cluster/cluster.ts';
import { apiVersionIn } from '../engine/api-version.ts';
import type { Pace } from './pace.ts';

/** A kind that the cluster serves, and the version it is read in. */
export interface ServedKind {
  readonly kind: KindInfo;
  readonly version: string;
  /** The plural, as it stands in paths. */
  readonly resource: string;
}

/** Where objects are asked for, and how. */
export interface Source {
  readonly cluster: Cluster;
  readonly pace: Pace;
  /** Called after each page, which nobody holds any more. */
  readonly tidy: () => void;
  /** How many objects a page has at most. */
  readonly pageSize: number;
}

interface Page {
  readonly objects: readonly KubernetesObject[];
  /** The list went on after its token had expired: what follows is of a later moment. */
  readonly isResumed: boolean;
}

export interface PageOptions {
  /** Of these namespaces alone; of all where it is not given. */
  readonly namespaces?: readonly string[] | undefined;
  readonly metadataOnly?: boolean;
}

/**
 * All objects of a kind, page by page, so that none but those of one page are held. A token that expires in between
 * (etcd forgets what is older than five minutes) is exchanged, and the list goes on after the last object that was
 * read. Items of a list do not say what they are: that is put in.
 *
 * @throws ClusterError as `list` does, for what three tries did not give
 */
export async function* listKind(
  source: Source,
  { kind, version, resource: plural }: ServedKind,
  { namespaces, metadataOnly = false }: PageOptions = {},
): AsyncGenerator<Page, void, undefined> {
  const resource = { group: kind.group, version, resource: plural };
  const apiVersion = apiVersionIn(kind.group, version);
  const places = kind.namespaced && namespaces !== undefined ? namespaces : [undefined];
  for (const namespace of places) {
    let token: string | undefined;
    let isResumed = false;
    do {
      const options = {
        ...(namespace === undefined ? {} : { namespace }),
        ...(token === undefined ? {} : { continue: token }),
        limit: source.pageSize,
        metadataOnly,
      };
      let list: ApiObject;
      try {
        list = await patiently(source.pace, () => source.cluster.list(resource, options));
      } catch (error) {
        if (!(error instanceof ClusterError) || error.continueWith === undefined) throw error;
        token = error.continueWith;
        isResumed = true;
        continue;
      }
      const objects = records(list['items'] as readonly object[]).map((item): KubernetesObject => ({
        ...item,
        apiVersion,
        kind: kind.kind,
      }));
      yield { objects, isResumed };
      source.tidy();
      token = continueToken(list);
    } while (token !== undefined);
  }
}

const tries = 3;
const pauseMs = 1_000;

/** Once more where the API server is busy, starting, or was not reached. */
export async function patiently<T>(pace: Pace, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    await pace.turn();
    try {
      return await call();
    } catch (error) {
      const isPassing =
        error instanceof ClusterError &&
        (error.status === undefined || error.status === 429 || error.status >= 500);
      if (!isPassing || attempt === tries) throw error;
      await sleep(pauseMs * attempt);
    }
  }
}
