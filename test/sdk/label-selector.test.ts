import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isLabelValue,
  isQualifiedName,
  matchesLabelSelector,
  matchesMapSelector,
  selectorProblem,
} from '../../src/sdk/label-selector.ts';

const parse = (json: string): never => JSON.parse(json) as never;
const labels = { app: 'web', tier: 'front', empty: '' };

describe('matchesLabelSelector', () => {
  test.each([
    [null, false],
    [undefined, false],
    [{}, true],
    [{ matchLabels: null, matchExpressions: null }, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'web', tier: 'back' } }, false],
    [{ matchLabels: { other: '' } }, false],
    [{ matchLabels: { empty: '' } }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['db'] }] }, false],
    [{ matchExpressions: [{ key: 'other', operator: 'In', values: ['db', ''] }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'other', operator: 'NotIn', values: ['web'] }] }, true],
    [{ matchExpressions: [{ key: 'empty', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'other', operator: 'Exists', values: [] }] }, false],
    [{ matchExpressions: [{ key: 'other', operator: 'DoesNotExist', values: null }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
    // What Kubernetes refuses matches nothing.
    [{ matchExpressions: [{ key: 'other', operator: 'NotIn', values: [] }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'other', operator: 'Gt', values: ['1'] }] }, false],
    // Names that every JavaScript object inherits are no labels.
    [{ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, false],
  ])('%j: %s', (selector, matches) => {
    expect(matchesLabelSelector(selector, labels)).toBe(matches);
  });

  test('reads keys such as __proto__ as data', () => {
    const selector = { matchLabels: parse('{"constructor": "a"}') };
    expect(matchesLabelSelector(selector, parse('{"constructor": "a"}'))).toBe(true);
    expect(matchesLabelSelector(selector, {})).toBe(false);
  });

  test('neither throws nor matches on shapes that are no selector', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (selector, other) => {
        if (selectorProblem(selector) !== undefined) {
          expect(matchesLabelSelector(selector as never, other as never)).toBe(false);
        }
        matchesLabelSelector(selector as never, other as never);
        matchesMapSelector(selector as never, other as never);
        matchesLabelSelector({ matchLabels: selector, matchExpressions: other } as never, labels);
        matchesLabelSelector({ matchExpressions: [selector, other] } as never, labels);
      }),
    );
  });

  test('an expression and its opposite never agree', () => {
    const word = fc.constantFrom('app', 'tier', 'web', 'front', 'other');
    fc.assert(
      fc.property(word, fc.array(word, { minLength: 1 }), fc.dictionary(word, word), (key, values, some) => {
        const asks = (operator: string, among?: string[]) =>
          matchesLabelSelector(
            { matchExpressions: [{ key, operator, ...(among && { values: among }) }] },
            some,
          );
        expect(asks('In', values)).toBe(!asks('NotIn', values));
        expect(asks('Exists')).toBe(!asks('DoesNotExist'));
      }),
    );
  });
});

describe('selectorProblem', () => {
  test.each([
    ['a', []],
    [[], []],
    [{ matchLabels: [] }, ['matchLabels']],
    [{ matchLabels: { 'a b': 'c' } }, ['matchLabels', 'a b']],
    [{ matchLabels: { a: 'b c' } }, ['matchLabels', 'a']],
    [{ matchLabels: { a: 1 } }, ['matchLabels', 'a']],
    [{ matchExpressions: {} }, ['matchExpressions']],
    [{ matchExpressions: [null] }, ['matchExpressions', 0]],
    [
      { matchExpressions: [{ key: 'a', operator: 'in', values: ['b'] }] },
      ['matchExpressions', 0, 'operator'],
    ],
    [{ matchExpressions: [{ key: 'a', operator: 'In' }] }, ['matchExpressions', 0, 'values']],
    [
      { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
      ['matchExpressions', 0, 'values'],
    ],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: 'b' }] }, ['matchExpressions', 0, 'values']],
    [
      { matchExpressions: [{ key: 'a', operator: 'In', values: ['b', 1] }] },
      ['matchExpressions', 0, 'values', 1],
    ],
    [{ matchExpressions: [{ operator: 'Exists' }] }, ['matchExpressions', 0, 'key']],
  ])('%j', (selector, at) => {
    expect(selectorProblem(selector)?.at).toEqual(at);
  });

  test('says of a value that is no text that it wants quotes', () => {
    expect(selectorProblem({ matchLabels: { a: 1 } })?.problem).toMatch(/quotes/);
    expect(selectorProblem({ matchLabels: { a: 'b c' } })?.problem).not.toMatch(/quotes/);
  });

  test.each([null, undefined, {}, { matchLabels: { 'a.b/c': '' } }, { matchLabels: { a: null } }])(
    '%j is fine',
    (fine) => {
      expect(selectorProblem(fine)).toBeUndefined();
    },
  );
});

test('an empty map selects nothing', () => {
  expect(matchesMapSelector({ app: 'web' }, labels)).toBe(true);
  expect(matchesMapSelector({ app: 'web', tier: 'back' }, labels)).toBe(false);
  for (const empty of [null, undefined, {}]) expect(matchesMapSelector(empty, labels)).toBe(false);
  expect(matchesMapSelector({ app: 'web' }, null)).toBe(false);
});

test.each([
  ['', true],
  ['a', true],
  ['v1.2_rc-1', true],
  ['a'.repeat(63), true],
  ['a'.repeat(64), false],
  ['-a', false],
  ['a.', false],
  ['a b', false],
  ['a\n', false],
  ['é', false],
  [1, false],
  [null, false],
])('label value %j: %s', (value, valid) => {
  expect(isLabelValue(value)).toBe(valid);
});

test.each([
  ['app', true],
  ['app.kubernetes.io/name', true],
  ['a/B_c', true],
  [`${'a'.repeat(253)}/a`, true],
  [`${'a'.repeat(254)}/a`, false],
  ['', false],
  ['/a', false],
  ['a/', false],
  ['a/b/c', false],
  ['A/b', false],
  ['a..b/c', false],
  [undefined, false],
])('qualified name %j: %s', (value, valid) => {
  expect(isQualifiedName(value)).toBe(valid);
});
