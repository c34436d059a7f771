import { setTimeout as sleep } from 'node:timers/promises';
import { property, records, text, type KindInfo } from '#sdk';
import { ClusterError, continueToken, isStatus } from '../cluster/cluster-error.ts';
import type { ApiObject, Cluster } from '../cluster/cluster.ts';
import type { Resource } from '../cluster/resource.ts';
import { apiVersionIn } from '../engine/api-version.ts';
import { UserError } from '../errors.ts';
import { kindIndex, type KindIndex } from '../facts/kind-index.ts';
import { describeError, type Logger } from '../log/log.ts';
import type { FactsState } from '../server/facts-source.ts';
import { newestFirst } from './versions.ts';

interface FollowOptions {
  readonly kind: KindInfo;
  /** The API server; throws a UserError where nothing says where it is. */
  readonly cluster: () => Pick<Cluster, 'list' | 'watch'>;
  /** Told that it was not reached: its address, CA or token may have changed. */
  readonly lost: () => void;
  /** Few kinds are listed at a time, for the memory that takes. */
  readonly turn: <T>(run: () => Promise<T>) => Promise<T>;
  /** After how long without a word of the API server nothing is believed any more, in milliseconds. */
  readonly maxAgeMs: () => number;
  /** Milliseconds, only forward. */
  readonly clock: () => number;
  readonly logger: Logger;
}

/** The objects of a kind, as the API server tells of them. */
export interface FollowedKind {
  readonly kind: KindInfo;
  readonly index: () => KindIndex;
  readonly state: () => FactsState;
  /** Since the API server last said something; undefined where it never did. */
  readonly ageMs: () => number | undefined;
  close(): Promise<void>;
}

// An object of 10 KB is usual: some megabytes of text at a time.
const pageSize = 500;
const shortestPauseMs = 500;
const longestPauseMs = 15_000;
/** How soon a right that was given, or a kind that was installed, is noticed. */
const mostRecheckMs = 30_000;
/** Sooner than this no watch ends that means to tell anything. */
const shortestWatchMs = 1_000;
/** So often the same is tried again before all is listed anew. */
const triesBeforeList = 3;

/** Where a watch goes on. */
interface Position {
  readonly resource: Resource;
  resourceVersion: string;
}

/**
 * Lists a kind and watches it from there, until it is closed. The API server ends each watch after half of the longest
 * age and is asked for the next, which also tells that it is still there and still allows it.
 */
export function followKind(options: FollowOptions): FollowedKind {
  const { kind, cluster, lost, turn, maxAgeMs, clock, logger } = options;
  const ended = new AbortController();
  const { signal } = ended;
  let index = kindIndex(kind);
  let state: Exclude<FactsState, 'stale'> = 'starting';
  let confirmedAt: number | undefined;
  let position: Position | undefined;
  let failures = 0;
  /** What the log said last, so that it says nothing twice. */
  let said: FactsState = 'current';

  const confirm = (): void => {
    confirmedAt = clock();
    failures = 0;
  };
  const ageMs = (): number | undefined => (confirmedAt === undefined ? undefined : clock() - confirmedAt);
  const presentState = (): FactsState => {
    const isOld = (ageMs() ?? 0) > maxAgeMs();
    return isOld && state !== 'forbidden' ? 'stale' : state;
  };
  const name = { kind: kind.kind, group: kind.group };
  const say = (detail: object = {}): void => {
    const present = presentState();
    const isLost = present === 'stale' || present === 'forbidden' || (present === 'starting' && failures > 0);
    if (present === said || (!isLost && present === 'broken')) return;
    const wasLost = said !== 'current' && said !== 'absent';
    said = present;
    if (isLost)
      logger.warn({ ...name, state: present, ...detail }, 'facts: nothing is known of this kind: policies that need it are skipped'); // prettier-ignore
    else if (wasLost) logger.info({ ...name, state: present, objects: index.size() }, 'facts: the kind is known again'); // prettier-ignore
  };

  const isEnded = (): boolean => signal.aborted;
  const run = async (): Promise<void> => {
    while (!isEnded()) {
      try {
        if (position === undefined) await listAll();
        else await watchOnce(position);
        say();
        if (state === 'absent') await pause(recheckMs());
      } catch (error) {
        if (isEnded()) return;
        await pause(failed(error));
      }
    }
  };

  /** How long to wait before it is tried again. */
  const failed = (error: unknown): number => {
    failures += 1;
    const status = error instanceof ClusterError ? error.status : undefined;
    if (status === 403) {
      // What may not be read is not kept either.
      [state, index, position, confirmedAt] = ['forbidden', kindIndex(kind), undefined, undefined];
      say({ reason: reasonOf(error) });
      return recheckMs();
    }
    const isOver = status === 410 || status === 404 || !(error instanceof UserError);
    if (isOver || (status !== undefined && failures % triesBeforeList === 0)) position = undefined;
    if (status === undefined) lost();
    if (state === 'forbidden') state = 'starting';
    else if (state !== 'starting') state = 'broken';
    say({ reason: reasonOf(error) });
    if (!(error instanceof UserError)) logger.error({ ...name, ...describeError(error) }, 'facts: a fault'); // prettier-ignore
    return backOff(failures, maxAgeMs());
  };

  /** All that there is, in the newest version that is served. */
  const listAll = async (): Promise<void> => {
    for (const version of newestFirst(kind.versions)) {
      const resource = { group: kind.group, version, resource: kind.resource };
      const found = await turn(() => listPages(resource));
      if (found === undefined) continue;
      [index, position, state] = [found.index, found.position, 'current'];
      confirm();
      return;
    }
    [index, position, state] = [kindIndex(kind), undefined, 'absent'];
    confirm();
  };

  const listPages = async (
    resource: Resource,
  ): Promise<{ readonly index: KindIndex; readonly position: Position } | undefined> => {
    const fresh = kindIndex(kind);
    let next: string | undefined;
    do {
      const page: ApiObject | undefined = await cluster()
        .list(resource, { limit: pageSize, signal, ...(next === undefined ? {} : { continue: next }) })
        .catch((error: unknown) => {
          if (isStatus(error, 404)) return undefined;
          throw error;
        });
      if (page === undefined) return undefined;
      // The API server leaves out in lists what all items have in common.
      const apiVersion = apiVersionIn(resource.group, resource.version);
      for (const item of records(page['items'] as readonly object[]))
        fresh.put({ ...item, apiVersion, kind: kind.kind });
      next = continueToken(page);
      if (next === undefined) {
        const resourceVersion = text(property(page['metadata'], 'resourceVersion')) ?? '';
        return { index: fresh, position: { resource, resourceVersion } };
      }
    } while (!signal.aborted);
    return undefined;
  };

  const watchOnce = async (at: Position): Promise<void> => {
    const began = clock();
    const lastsSeconds = Math.max(1, Math.floor(maxAgeMs() / 2000));
    const { resource, resourceVersion } = at;
    const events = await cluster().watch(resource, { resourceVersion, lastsSeconds, signal });
    const before = failures;
    confirm();
    state = 'current';
    let count = 0;
    for await (const { type, object } of events) {
      count += 1;
      if (type === 'DELETED') index.drop(object);
      else if (type !== 'BOOKMARK') index.put(object);
      at.resourceVersion = text(property(object['metadata'], 'resourceVersion')) ?? at.resourceVersion;
      confirm();
      say();
    }
    confirm();
    if (count > 0 || clock() - began >= shortestWatchMs || signal.aborted) return;
    failures = before;
    throw new ClusterError(`it ends a watch of ${kind.resource} at once`);
  };

  const recheckMs = (): number => Math.min(mostRecheckMs, maxAgeMs() / 2);
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);

  const running = run();
  return {
    kind,
    index: () => index,
    state: presentState,
    ageMs,
    close: async () => {
      ended.abort();
      await running;
    },
  };
}

/** Twice as long each time, with a random part so that replicas do not ask all at once. */
function backOff(failures: number, maxAgeMs: number): number {
  const longest = Math.min(longestPauseMs, maxAgeMs / 4);
  return Math.min(shortestPauseMs * 2 ** (failures - 1), longest) * (0.5 + Math.random());
}

function reasonOf(error: unknown): string {
  return error instanceof UserError ? error.message : 'daygate failed on it';
}
