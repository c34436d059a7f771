/** Makes the folder of a new policy: a policy that compiles, its README and fixtures, which pass the tests as they are. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { Category, Target } from '#sdk';
import { policyFiles } from '../src/cli/new-policy/policy-files.ts';
import { nearest } from '../src/engine/nearest.ts';
import { categoryNames } from '../src/config/policy-shape.ts';
import { skeletons } from '../src/cli/new-policy/skeletons.ts';

const usage = `npm run new-policy -- <category>/<id> [--target ${Object.keys(skeletons).join('|')}]

  npm run new-policy -- security/forbid-host-path
  npm run new-policy -- network/require-port-names --target object
`;

class UsageError extends Error {}

interface Wish {
  readonly category: Category;
  readonly id: string;
  readonly target: Target;
}

function readWish(place: string | undefined, target: string, root: string): Wish {
  const [category = '', id = '', ...rest] = (place ?? '').split('/');
  if (id === '' || rest.length > 0) throw new UsageError('name the policy as <category>/<id>');
  const known = categoryNames.find((name) => name === category);
  if (known === undefined) {
    throw new UsageError(
      `there is no category ${category}${nearest(category, categoryNames)} (known: ${categoryNames.join(', ')})`,
    );
  }
  if (!/^(?:require|forbid|bound|prefer|inherit)(?:-[a-z0-9]+)+$/.test(id)) {
    throw new UsageError(
      `${id} must begin with require-, forbid-, bound-, prefer- or inherit-, in lower case and dashes`,
    );
  }
  if (!isKey(skeletons, target)) {
    throw new UsageError(`there is no target ${target} (known: ${Object.keys(skeletons).join(', ')})`);
  }
  const [taken] = globSync(`*/${id}`, { cwd: join(root, 'policies') });
  if (taken !== undefined)
    throw new UsageError(`policies/${taken} exists: ids are unique over all categories`);
  return { category: known, id, target };
}

function isKey<K extends string>(record: Readonly<Record<K, unknown>>, key: string): key is K {
  return Object.hasOwn(record, key);
}

async function makePolicy({ category, id, target }: Wish, root: string): Promise<void> {
  const folder = join(root, 'policies', category, id);
  for (const [file, content] of Object.entries(policyFiles(category, id, target, '#sdk'))) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    const options = { ...(await resolveConfig(path)), filepath: path };
    writeFileSync(path, file.endsWith('.ts') ? await format(content, options) : content);
    console.log(`wrote policies/${category}/${id}/${file}`);
  }
  const generate = join(import.meta.dirname, 'generate.ts');
  execFileSync(process.execPath, [generate, '--root', root], { stdio: 'inherit' });
  console.log(`
Now say what it is about, in policies/${category}/${id}:
  policy.ts   what it looks at, its message, why, what to write instead, the page that states the rule
  fixtures/   pass-… and fail-… manifests; a fix is shown by fail-….fixed.yaml
  README.md   an example of each, and what the header does not say
Then: npm run generate && npx vitest run --project unit test/policies -t ${id}`);
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { target: { type: 'string', default: 'container' }, root: { type: 'string' } },
  });
  const root = values.root ?? join(import.meta.dirname, '..');
  await makePolicy(readWish(positionals[0], values.target, root), root);
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof TypeError && 'code' in error)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
