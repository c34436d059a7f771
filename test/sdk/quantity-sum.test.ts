import { describe, expect, it } from 'vitest';
import { addQuantities, formatQuantity, parseQuantity } from '#sdk';

function sum(a: string, b: string): string | undefined {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  return left === undefined || right === undefined ? undefined : formatQuantity(addQuantities(left, right));
}

describe('addQuantities', () => {
  it.each([
    ['1Gi', '512Mi', '1536Mi'],
    ['500m', '1', '1500m'],
    ['0', '3', '3'],
    ['3', '0', '3'],
    ['1G', '1Gi', '2073741824'],
    ['0.1', '0.2', '300m'],
    ['-1', '1', '0'],
    ['1e3', '1n', '1000000000001e-9'],
  ])('%s and %s make %s', (a, b, result) => {
    expect(sum(a, b)).toBe(result);
  });

  it('does not write out what no sum would show', () => {
    const huge = parseQuantity('1e2000000000');
    const one = parseQuantity('1');
    expect(huge !== undefined && one !== undefined && addQuantities(one, huge)).toEqual(huge);
    expect(huge !== undefined && one !== undefined && addQuantities(huge, one)).toEqual(huge);
  });
});
