import fc from 'fast-check';
import { expect, it } from 'vitest';
import { objectionsTo, pods } from './generated-pods.ts';

// `npm run fuzz` does the same with as many pods as one likes.
const numRuns = 1_500;

it('no pod makes a policy throw, and every patch applies and is final', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(pods, (pod) => {
      expect(objectionsTo(pod)).toEqual([]);
    }),
    { numRuns, seed: 20_261_121 },
  );
});
