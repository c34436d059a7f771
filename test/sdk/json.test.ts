import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entries, isRecord, list, property, records, text } from '../../src/sdk/json.ts';

const parse = (json: string): unknown => JSON.parse(json);

test('only JSON objects are records', () => {
  expect([{}, parse('{"__proto__": 1}')].every(isRecord)).toBe(true);
  expect([null, undefined, [], 'a', 1, true].some(isRecord)).toBe(false);
});

test('what is no list has no items', () => {
  expect(list(['a'])).toEqual(['a']);
  for (const value of [null, undefined, 'ab', {}, 1]) expect(list(value as never)).toEqual([]);
});

test('records leaves out what is no object, and copies nothing where all are', () => {
  const clean = [{ name: 'a' }];
  expect(records(clean)).toBe(clean);
  expect(records([null, { name: 'a' }, 'b', ['c']] as never)).toEqual([{ name: 'a' }]);
  expect(records(undefined)).toEqual([]);
});

test('names that every JavaScript object inherits are plain data', () => {
  const labels = parse('{"__proto__": "a", "constructor": "b"}');
  expect(property(labels, '__proto__')).toBe('a');
  expect(property(labels, 'constructor')).toBe('b');
  expect(property({}, 'constructor')).toBeUndefined();
  expect(property({}, '__proto__')).toBeUndefined();
  expect(entries(labels)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

test('text is text only', () => {
  expect(text('a')).toBe('a');
  for (const value of [null, undefined, 1, {}, []]) expect(text(value)).toBeUndefined();
});

test('nothing throws', () => {
  fc.assert(
    fc.property(fc.anything(), fc.string(), (value, key) => {
      list(value as never);
      records(value as never);
      property(value, key);
      entries(value);
    }),
  );
});
