import { entries, list, records, text } from './json.ts';
import type { LabelSelector } from './kubernetes.ts';
import { labelMatcher, type Labels } from './label-selector.ts';

/** A label selector and what it stands for. */
export type Selecting<T> = readonly [selector: LabelSelector | null | undefined, item: T];

/**
 * Finds which of many selectors match labels without trying each: a namespace may hold thousands of them, and as many
 * workloads that ask. Selectors are sorted by what they want of one label, by `matchLabels` or with `In`, where that is
 * what the fewest others want; only those that want no such thing are tried every time. Never throws.
 *
 * @example
 * const selecting = indexSelectors(policies.map((policy) => [policy.spec?.podSelector, policy]));
 * for (const policy of selecting({ app: 'web' })) … // those whose selector matches
 */
export function indexSelectors<T>(selectors: readonly Selecting<T>[]): (labels: Labels) => Iterable<T> {
  const indexed = selectors.map(([selector, item]) => ({
    item,
    matches: labelMatcher(selector),
    wants: wantsOf(selector),
  }));
  const counts = new Map<string, number>();
  for (const one of indexed.flatMap(({ wants }) => wants.flat())) counts.set(one, (counts.get(one) ?? 0) + 1);
  const sharing = (pairs: readonly string[]): number =>
    pairs.reduce((sum, one) => sum + (counts.get(one) ?? 0), 0);
  const without: typeof indexed = [];
  const byPair = new Map<string, typeof indexed>();
  for (const one of indexed) {
    const [first, ...others] = one.wants;
    if (first === undefined) {
      without.push(one);
      continue;
    }
    const rarest = others.reduce((best, pairs) => (sharing(pairs) < sharing(best) ? pairs : best), first);
    for (const wanted of rarest) {
      const known = byPair.get(wanted);
      if (known === undefined) byPair.set(wanted, [one]);
      else known.push(one);
    }
  }
  return function* selecting(labels) {
    const candidates = entries(labels).map(([key, value]) => byPair.get(pair(key, value)) ?? []);
    for (const some of [without, ...candidates])
      for (const { matches, item } of some) if (matches(labels)) yield item;
  };
}

/** Of each label that a selector wants to have some value: that label with each of these values. */
function wantsOf(selector: LabelSelector | null | undefined): readonly (readonly string[])[] {
  const among = records(selector?.matchExpressions).filter(({ operator }) => operator === 'In');
  return [
    ...entries(selector?.matchLabels).map(([key, value]) => [pair(key, value)]),
    ...among.map(({ key, values }) => [
      ...new Set(list(values).map((value) => pair(text(key) ?? '', value))),
    ]),
  ];
}

/** Null is the empty text, to Kubernetes and here. Two pairs that come out alike do no harm: what is found is matched. */
function pair(key: string, value: unknown): string {
  return `${key}=${typeof value === 'string' ? value : ''}`;
}
