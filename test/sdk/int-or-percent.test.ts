import { describe, expect, it } from 'vitest';
import { percentageOf, scaledValue } from '#sdk';

describe('scaledValue', () => {
  it.each([
    [2, 10, 'up', 2],
    [0, 10, 'up', 0],
    ['25%', 10, 'up', 3],
    ['25%', 10, 'down', 2],
    ['99%', 2, 'down', 1],
    ['100%', 3, 'down', 3],
    ['0%', 3, 'up', 0],
    ['1%', 3, 'up', 1],
    ['3', 3, 'up', undefined],
    ['-5%', 3, 'up', undefined],
    ['5.5%', 3, 'up', undefined],
    [null, 3, 'up', undefined],
    [{}, 3, 'up', undefined],
  ] as const)('%j of %i, rounded %s, is %j', (value, total, rounds, expected) => {
    expect(scaledValue(value, total, rounds)).toBe(expected);
  });
});

describe('percentageOf', () => {
  it.each([['00%', 0], ['150%', 150], ['%', undefined], [' 5%', undefined], [5, undefined]] as const)(
    'of %j is %j',
    (value, expected) => {
      expect(percentageOf(value)).toBe(expected);
    },
  );
}); // prettier-ignore
