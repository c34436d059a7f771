import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '#sdk';
import type { Compiled } from '../../engine/compiled.ts';
import { fixReview } from '../../engine/fix.ts';
import { judge } from '../../engine/judge.ts';
import type { Fixture, PolicyFolder } from '../fixtures.ts';
import { compatible, compileLibrary, reviewsOf } from '../judge-fixture.ts';

/** All policies together say the same in whatever order they come, and so do their fixes. */
export function policyOrder(
  { policy, fixtures }: PolicyFolder,
  library: readonly Policy[],
): readonly string[] {
  return fixtures.flatMap((fixture) => {
    const orders = inBothOrders(library, fixture, policy.id);
    return reviewsOf(fixture).flatMap((review) => {
      const [verdicts, fixed] = [
        orders.map((compiled) => judge(compiled, review).findings),
        orders.map((compiled) => fixReview(compiled, review, 'all').object),
      ];
      return [
        ...(isDeepStrictEqual(verdicts[0], verdicts[1])
          ? []
          : [`${fixture.name}: the order decides what is found`]),
        ...(isDeepStrictEqual(fixed[0], fixed[1])
          ? []
          : [`${fixture.name}: the order decides what is fixed`]),
      ];
    });
  });
}

const kept = new WeakMap<readonly Policy[], Map<string, readonly Compiled[]>>();

/** The library from first to last and from last to first; compiled once for all fixtures that set no parameter. */
function inBothOrders(library: readonly Policy[], fixture: Fixture, id: string): readonly Compiled[] {
  const compile = (): readonly Compiled[] =>
    [library, library.toReversed()].map((order) => compileLibrary(order, fixture, id));
  if (Object.keys(fixture.params).length > 0) return compile();
  const ofLibrary = kept.get(library) ?? new Map<string, readonly Compiled[]>();
  kept.set(library, ofLibrary);
  const on = compatible(library, id).map((policy) => policy.id);
  const key = JSON.stringify([on, fixture.kubernetes]);
  const orders = ofLibrary.get(key) ?? compile();
  ofLibrary.set(key, orders);
  return orders;
}
