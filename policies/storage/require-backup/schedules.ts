import { matchesLabelSelector, property, rememberOf, text, type Facts } from '#sdk';
import {
  k8upSchedule,
  replicationSource,
  scheduledBackup,
  veleroSchedule,
  type Custom,
} from './backup-kinds.ts';
import type { PersistentData } from './persistent-data.ts';
import { selectorsIn, veleroCovers } from './velero.ts';

/** Whether something makes copies of all of it at set times. */
export function isScheduled(facts: Facts, data: PersistentData): boolean {
  const { namespace, claims, cluster } = data;
  return (
    areAllIn(claims(), replicatedClaims(facts.list(replicationSource, namespace))) ||
    (cluster !== undefined && backedUpClusters(facts.list(scheduledBackup, namespace)).has(cluster)) ||
    facts.list(k8upSchedule, namespace).some(({ spec }) => k8upCovers(spec, data)) ||
    facts.all(veleroSchedule).some(({ spec }) => veleroCovers(spec, data))
  );
}

function areAllIn(claims: Iterable<string>, known: ReadonlySet<string>): boolean {
  let isAny = false;
  for (const claim of claims) {
    if (!known.has(claim)) return false;
    isAny = true;
  }
  return isAny;
}

/** A trigger that somebody pulls by hand is no schedule; without any trigger it copies all the time. */
const replicatedClaims = rememberOf((sources: readonly Custom[]) => {
  const claims = new Set<string>();
  for (const { spec } of sources) {
    const trigger = property(spec, 'trigger');
    const isManual = property(trigger, 'manual') != null && property(trigger, 'schedule') == null;
    const claim = text(property(spec, 'sourcePVC'));
    if (claim !== undefined && property(spec, 'paused') !== true && !isManual) claims.add(claim);
  }
  return claims;
});

const backedUpClusters = rememberOf(
  (backups: readonly Custom[]) =>
    new Set(
      backups
        .filter(({ spec }) => property(spec, 'suspend') !== true)
        .map(({ spec }) => text(property(property(spec, 'cluster'), 'name')) ?? ''),
    ),
);

/** All claims of its namespace, but those that say no. */
function k8upCovers(spec: unknown, { labels, annotations }: PersistentData): boolean {
  const backup = property(spec, 'backup');
  if ((text(property(backup, 'schedule')) ?? '') === '') return false;
  if (property(annotations[0]?.values, 'k8up.io/backup') === 'false') return false;
  const selectors = selectorsIn(backup, 'labelSelectors');
  return selectors.length === 0 || selectors.some((selector) => matchesLabelSelector(selector, labels));
}
