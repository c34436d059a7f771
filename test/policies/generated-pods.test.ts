import fc from 'fast-check';
import { expect, it } from 'vitest';
import { objectionsTo, pods } from './generated-pods.ts';

// `npm run fuzz` does the same with as many pods as one likes.
const milliseconds = 10_000;
const fewest = 1_000;

it('no pod makes a policy throw, and every patch applies and is final', { timeout: 5 * milliseconds }, () => {
  let tried = 0;
  fc.assert(
    fc.property(pods, (pod) => {
      tried++;
      expect(objectionsTo(pod)).toEqual([]);
    }),
    { numRuns: 1_000_000, interruptAfterTimeLimit: milliseconds, seed: 20_261_121 },
  );
  expect(tried).toBeGreaterThan(fewest);
});
