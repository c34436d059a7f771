import { builtinKinds, type KubernetesObject } from '#sdk';
import { ClusterError } from '../cluster/cluster-error.ts';
import type { CoverageLog } from './coverage-log.ts';
import { listKind, patiently, type PageOptions, type ServedKind, type Source } from './list-kind.ts';

/** What is read, and who is told how far that went. */
export interface Reading extends PageOptions {
  readonly source: Source;
  readonly log: CoverageLog;
  /** Every shard lists all, and each object is counted by one. */
  readonly isCounted: (object: KubernetesObject) => boolean;
}

/**
 * Hands out all objects of a kind and notes how far that went: what cannot be read is on record, and hides nothing of
 * the other kinds.
 *
 * @param isFirst not where the same kind is read again
 */
export async function readKind(
  { source, log, isCounted, ...options }: Reading,
  one: ServedKind,
  isFirst: boolean,
  take: (object: KubernetesObject) => void,
): Promise<void> {
  const lost = log.lost();
  if (lost !== undefined) {
    log.fail(one.kind, one.version, lost);
    return;
  }
  let count = 0;
  try {
    for await (const { objects, isResumed } of listKind(source, one, options)) {
      if (isResumed) log.resume(one.kind);
      for (const object of objects) {
        if (isCounted(object)) count++;
        take(object);
      }
    }
  } catch (error) {
    // Who is nobody there can read nothing else either.
    if (!(error instanceof ClusterError) || error.status === 401) throw error;
    log.fail(one.kind, one.version, error, count);
    // One list may take too long; a server that is gone must not be waited for once with each kind.
    if (error.status === undefined && !(await isThere(source))) log.lose(error);
    return;
  }
  if (isFirst) log.add(one.kind, one.version, count, 'complete');
}

/** Namespaces say which profile is theirs, and most audits judge them, too. */
export async function readNamespaces(reading: Reading): Promise<readonly KubernetesObject[]> {
  const { source, namespaces, log } = reading;
  const kind = builtinKinds.Namespace;
  const objects: KubernetesObject[] = [];
  if (namespaces === undefined) {
    const all = { kind, version: 'v1', resource: kind.resource };
    await readKind(reading, all, true, (object) => objects.push(object));
    return objects;
  }
  for (const name of namespaces) {
    try {
      const resource = { group: '', version: 'v1', resource: kind.resource };
      objects.push(await patiently(source.pace, () => source.cluster.get({ ...resource, name })));
    } catch (error) {
      // Whoever may read what is in a namespace need not be allowed to read the namespace itself.
      if (!(error instanceof ClusterError) || error.status !== 403) throw error;
      log.fail(kind, 'v1', error);
      return objects;
    }
  }
  log.add(kind, 'v1', objects.filter(reading.isCounted).length, 'complete');
  return objects;
}

async function isThere({ cluster, pace }: Source): Promise<boolean> {
  await pace.turn();
  try {
    await cluster.read('/version');
    return true;
  } catch {
    return false;
  }
}
