import { isBuiltinGroup, keyOfKind, type KindInfo } from '#sdk';
import type { Cluster } from '../cluster/cluster.ts';
import { openCluster } from '../cluster/open-cluster.ts';
import type { KubeconfigOptions } from '../cluster/kubeconfig.ts';
import type { Compiled } from '../engine/compiled.ts';
import { makersOfPods, watchedKinds } from '../engine/kinds-read.ts';
import { indexedFacts, type KnownKind } from '../facts/indexed-facts.ts';
import type { Logger } from '../log/log.ts';
import { isKnown, type FactsOfKind, type FactsSource } from '../server/facts-source.ts';
import { followKind, type FollowedKind } from './follow-kind.ts';
import { takeTurns } from './take-turns.ts';

type Reachable = Pick<Cluster, 'list' | 'watch'>;

interface LiveFactsOptions extends KubeconfigOptions {
  readonly logger: Logger;
  readonly open?: (options: KubeconfigOptions) => Reachable;
  /** Milliseconds, only forward. */
  readonly clock?: () => number;
}

const listsAtOnce = 2;

/**
 * Facts from the API server, for a server with `facts: cluster`: lists and watches, on the kinds that enabled policies ask
 * about. It never writes, and fails nobody: what is not known is said to be.
 */
export function openLiveFacts({
  logger,
  kubeconfig,
  context,
  open = openCluster,
  clock = () => performance.now(),
}: LiveFactsOptions): FactsSource {
  const turn = takeTurns(listsAtOnce);
  const followed = new Map<string, FollowedKind>();
  const closing = new Set<Promise<void>>();
  let maxAgeMs = 0;
  let makers: readonly KindInfo[] = [];
  let cluster: Reachable | undefined;

  const start = (kind: KindInfo): FollowedKind => {
    let mine: Reachable | undefined;
    return followKind({
      ...{ kind, turn, clock, logger },
      cluster: () => (mine = cluster ??= open({ kubeconfig, context })),
      // Whoever is the first to lose it opens another for all.
      lost: () => {
        if (cluster === mine) cluster = undefined;
      },
      maxAgeMs: () => maxAgeMs,
    });
  };
  const stop = (key: string, one: FollowedKind): void => {
    followed.delete(key);
    const end = one.close().finally(() => closing.delete(end));
    closing.add(end);
  };
  const known = (kind: KindInfo): KnownKind | undefined => {
    const one = followed.get(keyOfKind(kind));
    return one && { index: one.index(), isKnown: isKnown(statusOf(one)) };
  };
  const facts = indexedFacts(known, () => makers);
  return {
    facts: () => facts,
    kinds: () => [...followed.values()].map(statusOf),
    follow: (compiled: Compiled) => {
      maxAgeMs = compiled.settings.factsMaxAgeSeconds * 1000;
      makers = makersOfPods(compiled);
      const wanted = new Map(watchedKinds(compiled).map((kind) => [keyOfKind(kind), kind]));
      for (const [key, one] of followed) {
        const isSame = JSON.stringify(wanted.get(key)) === JSON.stringify(one.kind);
        if (isSame) wanted.delete(key);
        else stop(key, one);
      }
      for (const [key, kind] of wanted) followed.set(key, start(kind));
    },
    close: async () => {
      for (const [key, one] of followed) stop(key, one);
      await Promise.all(closing);
    },
  };
}

function statusOf({ kind, index, state, ageMs }: FollowedKind): FactsOfKind {
  const age = ageMs();
  return {
    // Several makers of custom kinds may have come upon the same word.
    kind: isBuiltinGroup(kind.group) ? kind.kind : `${kind.kind}.${kind.group}`,
    state: state(),
    objects: index().size(),
    ageSeconds: age === undefined ? undefined : Math.round(age / 1000),
  };
}
