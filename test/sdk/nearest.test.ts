import { describe, expect, it } from 'vitest';
import { nearestWords, wordDistance } from '#sdk';

describe('the distance of words', () => {
  it.each([
    ['a', 'a', 0],
    ['', 'abc', 3],
    ['image', 'imgae', 1],
    ['image', 'images', 1],
    ['Policy', 'policy', 1],
    ['kitten', 'sitting', 3],
  ])('%s to %s is %i', (a, b, edits) => {
    expect(wordDistance(a, b)).toBe(edits);
    expect(wordDistance(b, a)).toBe(edits);
  });
});

describe('the nearest words', () => {
  const known = ['env', 'envFrom', 'image', 'imagePullPolicy', 'name', 'ports', 'tty'];
  it.each([
    ['imagePullPolciy', ['imagePullPolicy']],
    ['IMAGE', ['image']],
    ['port', ['ports']],
    // Of three letters one may be wrong, not two.
    ['foo', []],
    ['tt', ['tty']],
    ['x'.repeat(10_000), []],
  ])('to %s are %j', (word, expected) => {
    expect(nearestWords(word, known)).toEqual(expected);
  });

  it('are several where nothing speaks for one of them', () => {
    expect(nearestWords('cap', ['cat', 'car'])).toEqual(['cat', 'car']);
  });
});
