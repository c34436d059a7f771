import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describePosition, findJsonFault } from '../../src/server/json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the place where JSON breaks', () => {
  it.each([
    ['', 0, /ends too early: expected a value/],
    ['{', 1, /ends too early: expected a key/],
    ['{"a"', 4, /ends too early: expected :/],
    ['{"a":1', 6, /ends too early: expected , or \}/],
    ['{"a":1]', 6, /expected , or \}/],
    ['[1}', 2, /expected , or \]/],
    ['[1,]', 3, /expected a value/],
    ['{"a":1,}', 7, /expected a key/],
    ['{a:1}', 1, /expected a key/],
    ['"a', 2, /ends inside a string/],
    ['"a\tb"', 2, /control character/],
    ['"\\u12g4"', 2, /unknown escape/],
    ['[tru]', 1, /expected a value/],
    ['[1 2]', 3, /expected , or \]/],
    ['-', 0, /expected a value/],
    ['[01]', 2, /expected , or \]/],
    ['{} x', 3, /text after the end/],
    ['\uFEFF{}', 0, /byte order mark/],
    ['[[[]]', 5, /ends too early/],
  ])('of %j is %i', (text, offset, problem) => {
    expect(findJsonFault(text).offset).toBe(offset);
    expect(findJsonFault(text).problem).toMatch(problem);
  });

  it('is found in every text that JSON.parse refuses, and in no other', () => {
    const json = fc.json();
    const broken = fc
      .tuple(
        json,
        fc.nat(),
        fc.constantFrom('', '"', '}', ']', ',', ':', '\\', '\u0000', '{', '[', '0', 'x', ' '),
        fc.nat(3),
      )
      .map(([text, at, inserted, removed]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + inserted + text.slice(place + removed);
      });
    fc.assert(
      fc.property(fc.oneof(json, broken), (text) => {
        const { offset, problem } = findJsonFault(text);
        expect(problem === 'an unknown fault').toBe(isJson(text));
        expect(offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 3000 },
    );
  });

  it('is found at any depth and in large texts', () => {
    expect(findJsonFault('['.repeat(1_000_000)).offset).toBe(1_000_000);
    expect(findJsonFault(`"${'é'.repeat(3_000_000)}`).offset).toBe(3_000_001);
  });

  it('is told in bytes, lines and columns', () => {
    expect(describePosition('{\n  "é": x}', 9)).toBe('byte 10 (line 2, column 8)');
    expect(describePosition('', 0)).toBe('byte 0 (line 1, column 1)');
  });
});
