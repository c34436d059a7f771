import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelIndex, matchesLabelSelector, type LabelSelector } from '#sdk';

const key = fc.constantFrom('app', 'tier', 'app.kubernetes.io/name');
const value = fc.constantFrom('', 'a', 'b');
const labels = fc.dictionary(key, value, { maxKeys: 3 });
const expression = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist', 'Is') }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);

const byText = (items: readonly object[]): readonly string[] =>
  items.map((item) => JSON.stringify(item)).sort();

describe('an index of labels', () => {
  it('finds what looking at each item finds', () => {
    fc.assert(
      fc.property(fc.array(labels), selector, (items, wanted) => {
        const found = labelIndex(items, (item) => item).matching(wanted);
        expect(byText(found)).toEqual(byText(items.filter((item) => matchesLabelSelector(wanted, item))));
      }),
    );
  });

  it('knows which labels there are', () => {
    const index = labelIndex([{ app: 'a' }, null], (item) => item);
    expect(['app', 'tier', '__proto__'].map((one) => index.hasKey(one))).toEqual([true, false, false]);
  });

  it('finds nothing for what is no selector', () => {
    const index = labelIndex([{ app: 'a' }], (item) => item);
    const wrong = [null, undefined, 'app', { matchLabels: 'app' }, { matchExpressions: [null] }];
    expect(wrong.map((one) => index.matching(one as LabelSelector).length)).toEqual([0, 0, 0, 0, 0]);
  });
});
