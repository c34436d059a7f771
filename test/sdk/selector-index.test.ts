import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexSelectors, matchesLabelSelector, type LabelSelector } from '#sdk';

const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'stage'), fc.constantFrom('a', 'b', ''), {
  maxKeys: 3,
});
const selector: fc.Arbitrary<LabelSelector | null> = fc.option(
  fc.record(
    {
      matchLabels: labels,
      matchExpressions: fc.array(
        fc.record({
          key: fc.constantFrom('app', 'tier'),
          operator: fc.constantFrom('Exists', 'DoesNotExist', 'In', 'NotIn'),
          values: fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 3 }),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  ),
);

test('an index finds the selectors that match, and no others', () => {
  fc.assert(
    fc.property(fc.array(selector, { maxLength: 12 }), labels, (selectors, some) => {
      const found = [...indexSelectors(selectors.map((one, index) => [one, index] as const))(some)];
      const wanted = selectors.flatMap((one, index) => (matchesLabelSelector(one, some) ? [index] : []));
      expect(found.toSorted((a, b) => a - b)).toEqual(wanted);
    }),
  );
});

test('a label that is null is the empty text', () => {
  const nothing = null as unknown as string;
  expect([...indexSelectors([[{ matchLabels: { app: nothing } }, 1]])({ app: '' })]).toEqual([1]);
});

test('selectors that want other values are not tried, whether matchLabels or In says so', () => {
  let tried = 0;
  const counting = (values: readonly string[]): LabelSelector => ({
    matchExpressions: [
      {
        operator: 'In',
        values,
        // Asked once when the selector is checked and once when it is indexed; then for each time it is tried.
        get key() {
          tried++;
          return 'app';
        },
      },
    ],
  });
  const others = Array.from({ length: 100 }, (_, index) => counting([`web-${index}`, `api-${index}`]));
  const selecting = indexSelectors(others.map((selector, index) => [selector, index]));
  tried = 0;
  expect([...selecting({ app: 'api-7' })]).toEqual([7]);
  expect(tried).toBe(1);
});
