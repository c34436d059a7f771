import { builtinKinds, type KubernetesObject } from '#sdk';
import { ClusterError, isStatus } from '../cluster/cluster-error.ts';
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
    // Whoever was given one namespace was asked about nothing else: it is good to know, and no more.
    if (error.status === 403 && options.namespaces !== undefined && !one.kind.namespaced) {
      log.withhold(one.kind);
      return;
    }
    log.fail(one.kind, one.version, error, count);
    // One list may take too long; a server that is gone must not be waited for once with each kind.
    if (error.status === undefined && !(await isThere(source))) log.lose(error);
    return;
  }
  if (isFirst) log.add(one.kind, one.version, count, 'complete');
}

interface NamespacesRead {
  readonly objects: readonly KubernetesObject[];
  /** Namespaces that were asked for and may not be read themselves: whoever may read what is in them need not. */
  readonly withheld: readonly string[];
}

/** Namespaces say which profile is theirs, and most audits judge them, too. */
export async function readNamespaces(reading: Reading): Promise<NamespacesRead> {
  const { source, namespaces, log } = reading;
  const kind = builtinKinds.Namespace;
  const objects: KubernetesObject[] = [];
  const withheld: string[] = [];
  const resource = { group: '', version: 'v1', resource: kind.resource };
  if (namespaces === undefined) {
    await readKind(reading, { kind, ...resource }, true, (object) => objects.push(object));
    return { objects, withheld };
  }
  for (const name of namespaces) {
    try {
      objects.push(await patiently(source.pace, () => source.cluster.get({ ...resource, name })));
    } catch (error) {
      if (!isStatus(error, 403)) throw error;
      withheld.push(name);
    }
  }
  if (objects.length > 0) log.add(kind, 'v1', objects.filter(reading.isCounted).length, 'complete');
  if (withheld.length > 0) log.withhold(kind);
  return { objects, withheld };
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
