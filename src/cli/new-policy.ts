import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Policy, Target } from '#sdk';
import { categoryNames } from '../config/policy-shape.ts';
import { fileProblem, UserError } from '../errors.ts';
import type { Io } from './io.ts';
import { policyFiles } from './new-policy/policy-files.ts';
import { skeletons } from './new-policy/skeletons.ts';
import { oneOf } from './one-of.ts';

export interface NewPolicyOptions {
  readonly target: string;
  readonly category: string;
}

/** Makes the folder of a new policy, which passes `daygate test` as it is; returns the exit code. */
export function newPolicy(
  place: string,
  options: NewPolicyOptions,
  policies: readonly Policy[],
  io: Io,
): number {
  const id = basename(place);
  if (!/^(?:require|forbid|bound|prefer|inherit)(?:-[a-z0-9]+)+$/.test(id)) {
    const rule = 'must begin with require-, forbid-, bound-, prefer- or inherit-, in lower case and dashes';
    throw new UserError('usage', `the id ${id} ${rule}: daygate new-policy policies/require-tier`);
  }
  if (policies.some((policy) => policy.id === id)) throw new UserError('usage', `the id ${id} is taken`);
  const target = oneOf('target', options.target, Object.keys(skeletons) as Target[]);
  const category = oneOf('category', options.category, categoryNames);
  if (existsSync(place)) throw new UserError('usage', `${place} exists already`);
  if (shipsWithDaygate(place)) {
    const mend = `npm run new-policy -- <category>/${id} adds to it; make your own elsewhere, such as own/${id}`;
    throw new UserError('usage', `${dirname(place)} of this checkout holds what ships with daygate: ${mend}`);
  }
  // The fixtures are examples enough; a README would be one more place to keep them in.
  const files = Object.entries(policyFiles(category, id, target, 'daygate/sdk'));
  for (const [file, content] of files.filter(([name]) => name !== 'README.md')) {
    const path = join(place, file);
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    } catch (error) {
      throw new UserError('unreadable', `cannot write ${path}: ${fileProblem(error)}`, path);
    }
    io.out(`wrote ${path}\n`);
  }
  io.out(`
Now say what it is about:
  policy.ts   what it looks at, its message, why, what to write instead, the page that states the rule
  fixtures/   pass-… and fail-… manifests; a fix is shown by fail-….fixed.yaml

Then: daygate test ${dirname(place)}
      daygate check --policies ${dirname(place)} --only ${id} MANIFESTS
`);
  return 0;
}

/** Whether the place is in the library of the checkout that runs; a package has none. */
function shipsWithDaygate(place: string): boolean {
  const library = fileURLToPath(new URL('../../policies/', import.meta.url));
  return existsSync(join(library, 'index.ts')) && `${resolve(place)}${sep}`.startsWith(library);
}
