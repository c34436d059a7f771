import { describe, expect, it } from 'vitest';
import type { Policy } from '#sdk';
import { checks } from '../../src/policy-test/checks.ts';
import type { PolicyFolder } from '../../src/policy-test/fixtures.ts';
import { decent, folderOf } from './sloppy/decent.ts';
import { sloppyFolders } from './sloppy/folders.ts';
import { sloppyPolicies } from './sloppy/policies.ts';

/** Objections by the sentence of the check that has them. */
function objections(
  folder: PolicyFolder,
  library: readonly Policy[] = [folder.policy],
): Record<string, readonly string[]> {
  const all = Object.entries(checks).map(([name, check]) => [name, check(folder, library)] as const);
  return Object.fromEntries(all.filter(([, found]) => found.length > 0));
}

const sloppy = Object.entries({ ...sloppyPolicies, ...sloppyFolders });
const objectors = new Set<string>();

describe('the table', () => {
  it('objects to nothing in a decent policy', () => {
    expect(objections(folderOf(decent))).toEqual({});
  });

  it.each(sloppy)('objects to a policy that %s', (_, { folder, library, says }) => {
    const found = objections(folder, library);
    for (const name of Object.keys(found)) objectors.add(name);
    expect(Object.values(found).flat().join('\n')).toMatch(says);
  });

  it('has no check that never objects', () => {
    expect([...objectors].sort()).toEqual(Object.keys(checks).sort());
  });
});
