import { rememberOf } from './remember.ts';

/**
 * Groups the items of a list by their keys, once for every list: facts hand out the same list each time they are
 * asked, and whoever goes through all of it for every object is quadratic. `keysOf` must be pure.
 *
 * @example
 * const byClaim = grouping((workload: WorkloadFact) => claimsOf(workload));
 * byClaim(facts.workloads(namespace)).get('uploads'); // the workloads that use the claim
 */
export function grouping<T>(
  keysOf: (item: T) => readonly string[],
): (items: readonly T[]) => ReadonlyMap<string, readonly T[]> {
  return rememberOf((items: readonly T[]) => group(items, keysOf));
}

function group<T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const same = groups.get(key);
      if (same === undefined) groups.set(key, [item]);
      else same.push(item);
    }
  }
  return groups;
}
