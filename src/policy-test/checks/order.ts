import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '#sdk';
import { fixReview } from '../../engine/fix.ts';
import { judge } from '../../engine/judge.ts';
import type { PolicyFolder } from '../fixtures.ts';
import { compileLibrary, reviewsOf } from '../judge-fixture.ts';

/** All policies together say the same in whatever order they come, and so do their fixes. */
export function policyOrder(
  { policy, fixtures }: PolicyFolder,
  library: readonly Policy[],
): readonly string[] {
  return fixtures.flatMap((fixture) => {
    const orders = [library, library.toReversed()].map((order) => compileLibrary(order, fixture, policy.id));
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
