import fc from 'fast-check';
import { create } from 'mutative';
import { describe, expect, it } from 'vitest';
import { applyPatch, type PatchOperation } from '../../src/engine/json-patch.ts';
import { deepFreeze } from '../../src/engine/deep-freeze.ts';
import { applyPatch as applyByTheBook } from '../../src/policy-test/json-patch.ts';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>;
const document = fc.dictionary(fc.string(), json, { maxKeys: 5, noNullPrototype: true });

/** Sets, removes and inserts at some places of the draft. */
function scramble(draft: unknown, choices: readonly number[], value: unknown): void {
  let at: unknown = draft;
  for (const choice of choices) {
    if (typeof at !== 'object' || at === null) return;
    const keys = Object.keys(at);
    const key = keys[choice % Math.max(1, keys.length)] ?? 'new';
    const place = at as Record<string, unknown>;
    if (Array.isArray(at) && choice % 3 === 0) at.splice(choice % (at.length + 1), choice % 2, value);
    else if (!Array.isArray(at) && choice % 5 === 0) Reflect.deleteProperty(place, key);
    else if (!Array.isArray(at) && choice % 3 === 0) place[`${key}~/`] = value;
    at = place[key];
  }
}

describe('applyPatch', () => {
  it('agrees with the plainest implementation on what fixes record, and leaves the original alone', () => {
    fc.assert(
      fc.property(document, fc.array(fc.nat(60), { maxLength: 6 }), json, (original, choices, value) => {
        deepFreeze(original);
        const [, patch] = create(original, (draft) => scramble(draft, choices, value), {
          enablePatches: { pathAsArray: false, arrayLengthAssignment: false },
        });
        const operations = patch as unknown as readonly PatchOperation[];
        expect(applyPatch(original, operations)).toEqual(applyByTheBook(original, operations));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, PatchOperation]>([
    ['a parent that is not there', { op: 'add', path: '/none/a', value: 1 }],
    ['a parent that is no object', { op: 'add', path: '/text/a', value: 1 }],
    ['removing what is not there', { op: 'remove', path: '/none' }],
    ['replacing what every object inherits', { op: 'replace', path: '/constructor', value: 1 }],
    ['an index behind the end', { op: 'replace', path: '/list/1', value: 1 }],
    ['an index before the beginning', { op: 'remove', path: '/list/-1' }],
    ['the whole document', { op: 'replace', path: '', value: {} }],
  ])('refuses %s', (_, operation) => {
    expect(() => applyPatch({ text: 'x', list: [0] }, [operation])).toThrow(/the patch/);
  });

  it('changes a key that is called __proto__ like any other', () => {
    const original = JSON.parse('{"__proto__":{"a":1}}') as object;
    const patched = applyPatch(original, [{ op: 'add', path: '/__proto__/b', value: 2 }]);
    expect(JSON.stringify(patched)).toBe('{"__proto__":{"a":1,"b":2}}');
  });
});
