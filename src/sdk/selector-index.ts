import { entries } from './json.ts';
import type { LabelSelector } from './kubernetes.ts';
import { labelMatcher, type Labels } from './label-selector.ts';

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
  const indexed = selectors.map(([selector, item]) => ({
    item,
    matches: labelMatcher(selector),
    pairs: entries(selector?.matchLabels).map(([key, value]) => pair(key, value)),
  }));
  const counts = new Map<string, number>();
  for (const { pairs } of indexed) for (const one of pairs) counts.set(one, (counts.get(one) ?? 0) + 1);
  const without: typeof indexed = [];
  const byPair = new Map<string, typeof indexed>();
  for (const one of indexed) {
    let rarest: string | undefined;
    for (const candidate of one.pairs)
      if (rarest === undefined || (counts.get(candidate) ?? 0) < (counts.get(rarest) ?? 0))
        rarest = candidate;
    const known = rarest === undefined ? without : byPair.get(rarest);
    if (known !== undefined) known.push(one);
    else if (rarest !== undefined) byPair.set(rarest, [one]);
  }
  return function* selecting(labels) {
    const candidates = entries(labels).map(([key, value]) => byPair.get(pair(key, value)) ?? []);
    for (const some of [without, ...candidates])
      for (const { matches, item } of some) if (matches(labels)) yield item;
  };
}

/** Null is the empty text, to Kubernetes and here. Two pairs that come out alike do no harm: what is found is matched. */
function pair(key: string, value: unknown): string {
  return `${key}=${typeof value === 'string' ? value : ''}`;
}
