import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { checks } from '../../src/policy-test/checks.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';

const root = join(import.meta.dirname, '../../policies');
const folders = policies.map((policy) => readPolicyFolder(policy));

describe.each(folders.map((folder) => [folder.policy.id, folder] as const))('%s', (_, folder) => {
  it.each(Object.entries(checks))('%s', (_, check) => {
    expect(check(folder, policies)).toEqual([]);
  });
});

describe('the library', () => {
  it('is all that lies in the folder, each policy under its category and id', () => {
    const found = globSync('*/*/policy.ts', { cwd: root }).sort();
    expect(policies.map(({ category, id }) => `${category}/${id}/policy.ts`).sort()).toEqual(found);
  });

  it('has no id twice', () => {
    expect(new Set(policies.map(({ id }) => id)).size).toBe(policies.length);
  });
});
