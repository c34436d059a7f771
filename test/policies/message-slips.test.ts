import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';
import { verdictsOf } from '../../src/policy-test/judge-fixture.ts';

/** Where a value was empty, and where a number stands before a word that does not fit one. */
const slips = / {2}| [,;]| \.$|(?<![\w.-])1 (?:pods|replicas|days)\b/;

describe('the messages of the library', () => {
  it.each(policies.map((policy) => [policy.id, policy] as const))('are sentences: %s', (_, policy) => {
    const { fixtures, examples } = readPolicyFolder(policy);
    const messages = [...fixtures, ...examples]
      .flatMap((fixture) => verdictsOf(policy, fixture))
      .flatMap(({ findings }) => findings.map(({ message }) => message));
    expect(messages.filter((message) => slips.test(message))).toEqual([]);
  });
});
