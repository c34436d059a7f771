import { expect, it } from 'vitest';
import { isRecord, type Policy } from '#sdk';
import { policies } from '../../policies/index.ts';
import { judge } from '../../src/engine/judge.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';
import { checkText } from '../cli/run-check.ts';
import { compiled, now } from '../engine/compile-test-settings.ts';

/** Lists whose order says something. */
const ordered = new Set(['command', 'args', 'env']);

function reversed(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => reversed(item));
    return ordered.has(name) ? items : items.reverse();
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, reversed(member, key)]));
}

function readsFacts({ facts, optionalFacts }: Policy): boolean {
  return (facts ?? optionalFacts) !== undefined;
}

let tolerated = 0;

it.each(policies.map((policy) => [policy.id, policy] as const))(
  '%s finds nothing new where lists are written in another order',
  (id, policy) => {
    for (const { name, documents, params, kubernetes } of readPolicyFolder(policy).fixtures) {
      const entry = { action: 'deny', params } as const;
      const settings = { policies: { [id]: entry }, ...(kubernetes === undefined ? {} : { kubernetes }) };
      const known = compiled(settings, { only: [id] }, policies);
      for (const oldObject of documents) {
        const object = reversed(oldObject) as typeof oldObject;
        const { findings } = judge(known, {
          operation: 'UPDATE',
          object,
          oldObject,
          profile: 'production',
          now,
        });
        tolerated += findings.filter(({ leniency }) => leniency === 'old-object').length;
        expect(findings.filter(({ action }) => action === 'deny').map(({ locator }) => locator), name).toEqual([]); // prettier-ignore
      }
    }
  },
);

it.each(policies.filter(readsFacts).map((policy) => [policy.id, policy] as const))(
  '%s says the same of objects in another order',
  async (id, policy) => {
    const { fixtures } = readPolicyFolder(policy);
    for (const { name, documents } of fixtures.filter((fixture) => fixture.documents.length > 1)) {
      const said = async (objects: readonly object[]) => {
        const { json } = await checkText(objects.map((object) => JSON.stringify(object)).join('\n---\n'), { only: [id] });
        return json.findings.map(({ object, locator, message }) => [object, locator, message]).map((one) => JSON.stringify(one)).sort();
      }; // prettier-ignore
      expect(await said(documents.toReversed()), name).toEqual(await said(documents));
    }
  },
);

it('where there is something to find', () => {
  expect(tolerated).toBeGreaterThan(400);
});
