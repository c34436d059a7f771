import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  entries,
  isRecord,
  list,
  property,
  propertyAt,
  records,
  sameJson,
  text,
} from '../../src/sdk/json.ts';

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

test('what lies below is found by own keys alone, also through what is no object', () => {
  expect(propertyAt({ spec: { template: { a: 1 } } }, ['spec', 'template'])).toEqual({ a: 1 });
  expect(propertyAt({ spec: null }, ['spec', 'constructor', 'name'])).toBeUndefined();
  expect(propertyAt('a', [])).toBe('a');
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

test('what says the same is the same, in whatever order', () => {
  expect(sameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
  expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  for (const other of [{ a: 2 }, { a: 1, b: 0 }, { a: [1] }, [1], null, undefined, 'a', {}])
    expect(sameJson({ a: 1 }, other)).toBe(false);
  expect(sameJson([1, 2], [2, 1])).toBe(false);
  expect(sameJson([1], { 0: 1 })).toBe(false);
});

test('what is nested too deep is never the same', () => {
  const nested = (depth: number): unknown =>
    Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 0);
  expect(sameJson(nested(100), nested(100))).toBe(true);
  expect(sameJson(nested(10_000), nested(10_000))).toBe(false);
});
