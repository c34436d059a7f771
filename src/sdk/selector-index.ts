import { entries } from './json.ts';
import type { LabelSelector } from './kubernetes.ts';
import { matchesLabelSelector, type Labels } from './label-selector.ts';

/** A label selector and what it stands for. */
export type Selecting<T> = readonly [selector: LabelSelector | null | undefined, item: T];

/**
 * Finds which of many selectors match labels without trying each: a namespace may hold thousands of them, and as many
 * workloads that ask. Selectors are sorted by the label among their `matchLabels` that the fewest others have; only
 * those without any are tried every time. Never throws.
 *
 * @example
 * const selecting = indexSelectors(policies.map((policy) => [policy.spec?.podSelector, policy]));
 * for (const policy of selecting({ app: 'web' })) … // those whose selector matches
 */
export function indexSelectors<T>(selectors: readonly Selecting<T>[]): (labels: Labels) => Iterable<T> {
  const pairsOf = ([selector]: Selecting<T>): readonly string[] =>
    entries(selector?.matchLabels).map(([key, value]) => pair(key, value));
  const counts = new Map<string, number>();
  for (const selecting of selectors)
    for (const one of pairsOf(selecting)) counts.set(one, (counts.get(one) ?? 0) + 1);
  const without: Selecting<T>[] = [];
  const byPair = new Map<string, Selecting<T>[]>();
  for (const selecting of selectors) {
    let rarest: string | undefined;
    for (const one of pairsOf(selecting))
      if (rarest === undefined || (counts.get(one) ?? 0) < (counts.get(rarest) ?? 0)) rarest = one;
    const known = rarest === undefined ? without : byPair.get(rarest);
    if (known !== undefined) known.push(selecting);
    else if (rarest !== undefined) byPair.set(rarest, [selecting]);
  }
  return function* selecting(labels) {
    const candidates = entries(labels).map(([key, value]) => byPair.get(pair(key, value)) ?? []);
    for (const some of [without, ...candidates])
      for (const [selector, item] of some) if (matchesLabelSelector(selector, labels)) yield item;
  };
}

/** Null is the empty text, to Kubernetes and here. */
function pair(key: string, value: unknown): string {
  return JSON.stringify([key, value ?? '']);
}
