import { describe, expect, it } from 'vitest';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policies } from '../../policies/index.ts';
import { readLibrary } from '../../src/config/library.ts';
import { loadPolicies } from '../../src/config/load-policies.ts';
import { builtinProfiles } from '../../src/engine/profiles.ts';
import { UserError } from '../../src/errors.ts';
import { asNobody } from './as-nobody.ts';
import { inFolder } from './run-check.ts';

const own = (id: string): string => `
import { definePolicy, property, type KubernetesObject } from 'daygate/sdk';
import { z } from 'zod';
const labelsOf = (object: KubernetesObject): unknown => object.metadata?.labels;
export default definePolicy({
  id: '${id}', category: 'labels', title: 'Require a tier', severity: 'low', target: 'object', kinds: ['Workload'],
  profiles: { production: 'deny' }, params: z.strictObject({}), messages: { missing: 'no tier' }, why: '', remediation: '',
  references: [],
  validate({ object, at }, { report }) {
    if (property(labelsOf(object), 'tier') === undefined) report({ message: 'missing', at: at('metadata') });
  },
});
`;

async function problemOf(run: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await run;
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('policies of a team', () => {
  it('come from every policy.ts of a folder and from the files right in it, typed and without node_modules', async () => {
    const files = {
      'labels/require-a/policy.ts': own('require-a'),
      'require-b.ts': own('require-b'),
      'labels/require-a/policy.test.ts': 'throw new Error("no policy")',
      'labels/require-a/words.ts': 'export const words = [];',
    };
    await inFolder(files, async (folder) => {
      const loaded = await loadPolicies([folder], policies, Object.keys(builtinProfiles));
      expect(loaded.map(({ policy }) => policy.id)).toEqual(['require-a', 'require-b']);
    });
  });

  it('are found through the settings, seen from their folder, and through the command line', async () => {
    const files = {
      'daygate.yaml': 'policyFolders: [own]\n',
      'own/require-c/policy.ts': own('require-c'),
      'more/require-d/policy.ts': own('require-d'),
    };
    await inFolder(files, async (folder) => {
      const library = await readLibrary(policies, {
        settings: join(folder, 'daygate.yaml'),
        policies: [join(folder, 'more')],
      });
      expect(library.slice(policies.length).map(({ id }) => id)).toEqual(['require-d', 'require-c']);
    });
  });

  it('are found where the settings name their folder from the root', async () => {
    await inFolder({ 'own/require-e/policy.ts': own('require-e') }, async (folder) => {
      writeFileSync(join(folder, 'daygate.yaml'), `policyFolders: [${join(folder, 'own')}]\n`);
      const library = await readLibrary(policies, { settings: join(folder, 'daygate.yaml') });
      expect(library.slice(policies.length).map(({ id }) => id)).toEqual(['require-e']);
    });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['a folder without policies', { 'own/a.txt': '' }, 'there is no policy.ts in this folder'],
    ['a file that is no folder', { own: '' }, 'expected a folder'],
    ['a file that is no TypeScript', { 'own/a.ts': 'export default {{' }, 'cannot be loaded: '],
    ['a file that throws', { 'own/a.ts': 'throw new RangeError("too much")' }, 'cannot be loaded: RangeError at a.ts:1:7: too much'],
    ['a file that exports nothing', { 'own/a.ts': 'export const x = 1' }, 'expected export default definePolicy'],
    ['a policy that lacks something', { 'own/a.ts': 'export default { id: "Tier" }' }, 'id: expected lower-case words'],
    ['a file that throws on its second line', { 'own/a.ts': '\nexport default nothing;' }, 'ReferenceError at a.ts:2:16: nothing is not defined'],
    ['an id that daygate has', { 'own/a.ts': own('require-labels') }, 'the id require-labels is taken by daygate itself'],
    ['an id that another file has', { 'own/a.ts': own('require-e'), 'own/b.ts': own('require-e') }, 'a.ts'],
  ])('name what is wrong with %s', async (_, files, message) => {
    await inFolder(files, async (folder) => {
      const problem = await problemOf(loadPolicies([join(folder, 'own')], policies, Object.keys(builtinProfiles)));
      expect(problem.code).toBe('policies');
      expect(problem.message).toContain(folder);
      expect(problem.message).toContain(message);
    });
  }); // prettier-ignore

  it('name all that is wrong, in all files at once', async () => {
    const files = { 'own/a.ts': own('require-a').replace("'Workload'", "'Ingres'"), 'own/b.ts': own('require-b').replace("'low'", "'hihg'"), 'own/c.ts': own('require-c') };
    await inFolder(files, async (folder) => {
      const { message } = await problemOf(loadPolicies([join(folder, 'own')], policies, Object.keys(builtinProfiles)));
      const [first, second, ...rest] = message.split('\n');
      expect(first).toMatch(/^policies \S+a\.ts: kinds\.0: there is no built-in kind Ingres: did you mean Ingress\?; other kinds are customKind\(/);
      expect(second).toMatch(/b\.ts: severity: there is no severity hihg: did you mean high\? \(known: low, medium, high, critical\)$/);
      expect(rest).toEqual([]);
    });
  }); // prettier-ignore

  it('name a folder among theirs that may not be read', async () => {
    const files = { 'own/require-a/policy.ts': own('require-a'), 'own/closed/policy.ts': own('require-b') };
    await inFolder(files, async (folder) => {
      for (const place of ['.', 'own', 'own/require-a']) chmodSync(join(folder, place), 0o755);
      const closed = join(folder, 'own/closed');
      chmodSync(closed, 0o000);
      const loading = () => loadPolicies([join(folder, 'own')], policies, Object.keys(builtinProfiles));
      const problem = await problemOf(asNobody(loading));
      // Only root could remove it as it is.
      chmodSync(closed, 0o755);
      expect(problem).toEqual({ code: 'policies', message: `policies ${closed}: permission denied` });
    });
  });

  it('name a folder that does not exist', async () => {
    expect(
      await problemOf(loadPolicies(['/no/such/folder'], policies, Object.keys(builtinProfiles))),
    ).toEqual({
      code: 'not-found',
      message: 'policies /no/such/folder: no such file or folder',
    });
  });
});
