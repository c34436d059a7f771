import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Policy } from '#sdk';

/** A policy and where it lies: `resources/require-memory-limit`. */
export interface FoundPolicy {
  readonly folder: string;
  readonly policy: Policy;
}

/** All policies below `policies/`, sorted by category and id. Throws where a folder and its policy disagree. */
export async function findPolicies(root: string): Promise<readonly FoundPolicy[]> {
  const files = globSync('*/*/policy.ts', { cwd: join(root, 'policies') }).sort();
  return Promise.all(
    files.map(async (file) => {
      const folder = file.slice(0, -'/policy.ts'.length);
      const module = (await import(pathToFileURL(join(root, 'policies', file)).href)) as { default: Policy };
      const { category, id } = module.default;
      if (`${category}/${id}` !== folder) {
        throw new Error(`policies/${folder} holds ${category}/${id}: folder, category and id must agree`);
      }
      return { folder, policy: module.default };
    }),
  );
}
