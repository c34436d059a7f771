import { entries, records } from './json.ts';
import type { LabelSelector } from './kubernetes.ts';
import { labelMatcher, selectorProblem, type Labels } from './label-selector.ts';

/** Selectors whose items are kept. */
const mostKept = 1_000;

/** Items that can be asked for by selector without looking at each of them. */
export interface LabelIndex<T> {
  /** The items whose labels the selector matches, as `matchesLabelSelector` does: one list for one selector. */
  matching(selector: LabelSelector | null | undefined): readonly T[];
  /** Whether some item has the label, with whatever value. */
  hasKey(key: string): boolean;
}

/**
 * Sorts items by their labels. Never throws, neither does what it returns.
 *
 * @example
 * labelIndex(services, ({ metadata }) => metadata?.labels).matching({ matchLabels: { app: 'web' } });
 */
export function labelIndex<T>(items: readonly T[], labelsOf: (item: T) => Labels): LabelIndex<T> {
  const byKey = new Map<string, Map<unknown, T[]>>();
  for (const item of items) {
    for (const [key, value] of entries(labelsOf(item))) {
      const byValue = byKey.get(key) ?? new Map<unknown, T[]>();
      byKey.set(key, byValue);
      add(byValue, orEmpty(value), item);
    }
  }
  const find = (selector: LabelSelector): readonly T[] => {
    let fewest = items;
    const narrow = (candidates: readonly T[]): void => {
      if (candidates.length < fewest.length) fewest = candidates;
    };
    for (const [key, value] of entries(selector.matchLabels)) {
      narrow(byKey.get(key)?.get(orEmpty(value)) ?? []);
    }
    for (const { key, operator, values } of records(selector.matchExpressions)) {
      if (operator !== 'In') continue;
      const wanted = new Set((values ?? []).map(orEmpty));
      narrow([...wanted].flatMap((value) => byKey.get(key ?? '')?.get(value) ?? []));
    }
    const matches = labelMatcher(selector);
    return fewest.filter((item) => matches(labelsOf(item)));
  };
  // Thousands of Services may have one selector, and it may match thousands of pods.
  const kept = new Map<string, readonly T[]>();
  return {
    hasKey: (key) => byKey.has(key),
    matching: (selector) => {
      if (selector == null || selectorProblem(selector) !== undefined) return [];
      const key = JSON.stringify(selector);
      const found = kept.get(key) ?? find(selector);
      if (kept.size >= mostKept) kept.clear();
      kept.set(key, found);
      return found;
    },
  };
}

function add<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}

/** Go reads null as the empty text. */
function orEmpty(value: unknown): unknown {
  return value ?? '';
}
