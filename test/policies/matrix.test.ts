/**
 * Policy × operation × subresource, made from what each policy declares: every failing fixture is asked about as every
 * request that could carry it. Kinds of workloads and classes of containers are crossed by the table test.
 */
import { describe, expect, it } from 'vitest';
import type { Policy } from '#sdk';
import { policies } from '../../policies/index.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Review } from '../../src/engine/review.ts';
import { readPolicyFolder, type Fixture } from '../../src/policy-test/fixtures.ts';
import { compileFor, recorded, reviewsOf } from '../../src/policy-test/judge-fixture.ts';

const operations = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;
const subresources = [undefined, 'status', 'scale', 'resize', 'ephemeralcontainers', 'exec', 'attach', 'portforward', 'proxy', 'binding', 'eviction'] as const; // prettier-ignore

interface Case {
  readonly name: string;
  readonly policy: Policy;
  readonly fixture: Fixture;
  readonly review: Review;
}

const cases: readonly Case[] = policies
  .map((policy) => readPolicyFolder(policy))
  .flatMap(({ policy, fixtures }) =>
    fixtures
      .filter(({ expects }) => expects === 'fail')
      .flatMap((fixture) =>
        reviewsOf(fixture).map((review, index) => ({
          name: `${policy.id}: ${fixture.name}#${index}`,
          policy,
          fixture,
          review,
        })),
      ),
  );

function findingsOf({ policy, fixture }: Case, review: Review): readonly string[] {
  return judge(compileFor(policy, fixture), review).findings.map(recorded).toSorted();
}

/** What a policy has to say of a request, from what it says of the object and what it declares. */
function expected(
  { policy, review }: Case,
  own: readonly string[],
  operation: Review['operation'],
  subresource: string | undefined,
): readonly string[] {
  if (subresource === 'status' || operation === 'DELETE' || operation === 'CONNECT') return [];
  if (subresource === undefined || subresource === review.subresource) return own;
  return policy.subresources?.some((name) => name === subresource) === true ? own : [];
}

describe('every policy, asked by every operation on every subresource', () => {
  const objects = cases.filter(({ policy }) => policy.target !== 'request');

  it.each(objects.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const own = findingsOf(one, one.review);
    for (const operation of operations) {
      for (const subresource of subresources) {
        if (subresource === 'resize' && one.review.object.kind !== 'Pod') continue;
        if (subresource === 'scale' && one.review.subresource !== 'scale') continue;
        const found = findingsOf(one, { ...one.review, operation, subresource });
        const where = `${operation} ${subresource ?? ''}`;
        if (subresource === 'ephemeralcontainers' && one.policy.containers?.includes('ephemeral') === true) {
          // Debugging containers alone are judged there; a fixture may have none.
          expect(own, where).toEqual(expect.arrayContaining([...found]));
        } else expect(found, where).toEqual(expected(one, own, operation, subresource));
      }
    }
  });

  const requests = cases.filter(({ policy }) => policy.target === 'request');

  it.each(requests.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const declared = new Set(one.policy.operations);
    for (const operation of operations.filter((operation) => !declared.has(operation))) {
      expect(findingsOf(one, { ...one.review, operation }), operation).toEqual([]);
    }
  });

  it('has something to ask', () => {
    expect(objects.length).toBeGreaterThan(100);
    expect(requests.length).toBeGreaterThan(0);
    expect(objects.filter(({ policy }) => policy.subresources?.includes('resize')).length).toBeGreaterThan(0);
  });
});
