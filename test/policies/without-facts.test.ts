import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '#sdk';
import { judge } from '../../src/engine/judge.ts';
import { compileFor } from '../../src/policy-test/judge-fixture.ts';
import { policies } from '../../policies/index.ts';

function messages(spec: object): readonly string[] {
  const policy = policies.find(({ id }) => id === 'forbid-blocking-pdb');
  if (policy === undefined) throw new Error('there is no forbid-blocking-pdb');
  const object = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { selector: {}, ...spec },
  } as KubernetesObject;
  const compiled = compileFor(policy, { params: {}, kubernetes: undefined });
  const verdict = judge(compiled, { operation: 'CREATE', object, profile: 'production', now: 0 });
  expect(verdict.errors).toEqual([]);
  return verdict.findings.map(({ messageId }) => messageId);
}

describe('forbid-blocking-pdb, where other objects are not known', () => {
  it('finds what allows nothing by itself, and guesses nothing', () => {
    expect(messages({ maxUnavailable: 0 })).toEqual(['alone']);
    expect(messages({ minAvailable: '100%' })).toEqual(['alone']);
    expect(messages({ minAvailable: 2 })).toEqual([]);
    expect(messages({ maxUnavailable: 1 })).toEqual([]);
  });
});
