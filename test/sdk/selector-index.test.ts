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
          operator: fc.constantFrom('Exists', 'DoesNotExist', 'In'),
        }),
        { maxLength: 1 },
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
