/** Servers with policies of a team's own, and such policies: good ones, and each kind of bad. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadPolicies } from '../../src/config/load-policies.ts';
import { builtinProfiles } from '../../src/engine/profiles.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import type { Compiled } from '../../src/engine/compiled.ts';
import { settingsSchema, type SettingsInput } from '../../src/engine/settings.ts';
import { start, type Running } from './harness.ts';
import { allPolicies } from './policies.ts';

/** The text of a policy about Pods; `validate` is the body of its function, which knows `object`, `at` and `report`. */
export function ownPolicy(id: string, validate: string, more = ''): string {
  return `
import { definePolicy, property } from 'daygate/sdk';
import { z } from 'zod';
const label = (object, name) => property(property(property(object, 'metadata'), 'labels'), name);
export default definePolicy({
  id: '${id}', category: 'labels', title: 'Own', severity: 'medium', target: 'object', kinds: ['Workload'],
  profiles: { baseline: 'warn', production: 'deny' }, params: z.strictObject({ tier: z.string().default('tier') }),
  messages: { missing: '{kind} {name} has no label {label}.' }, why: '', references: [],
  remediation: 'Set metadata.labels.tier.', ${more}
  validate({ object, at }, { report, params }) { ${validate} },
});
`;
}

export const requireTier = ownPolicy(
  'require-tier',
  `if (label(object, params.tier) === undefined)
    report({ message: 'missing', at: at('metadata', 'labels', params.tier), data: { label: params.tier } });`,
);

/** They misbehave on objects that have the label, and let the others pass. */
export const misbehaving = {
  loop: ownPolicy('forbid-loop', `if (label(object, 'loop') !== undefined) while (true);`),
  throwing: ownPolicy('forbid-throw', `if (label(object, 'throw') !== undefined) JSON.parse(label(object, 'throw'));`),
  memory: ownPolicy(
    'forbid-memory',
    `if (label(object, 'memory') !== undefined) { const all = []; for (;;) all.push({ all }); }`,
  ),
  exit: ownPolicy('forbid-exit', `if (label(object, 'exit') !== undefined) process.exit(0);`),
} as const; // prettier-ignore

/** Compiles the policies of these tests and those of a folder, as \`daygate serve\` does. */
export async function compiledWithOwn(
  folder: string,
  files: Readonly<Record<string, string>>,
  settings: SettingsInput = {},
): Promise<Compiled> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const own = (await loadPolicies([folder], allPolicies, Object.keys(builtinProfiles))).map(
    ({ policy }) => policy,
  );
  const { compiled, problems } = compileSettings(settingsSchema.parse(settings), [...allPolicies, ...own], {
    now: Date.now(),
    sandboxed: new Set(own.map(({ id }) => id)),
  });
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return compiled;
}

export async function startWithOwn(
  folder: string,
  files: Readonly<Record<string, string>>,
  { settings, ...options }: Parameters<typeof start>[0] = {},
): Promise<Running> {
  const compiled = await compiledWithOwn(folder, files, settings);
  return start({ ...options, compiled: () => compiled, policyFolders: [folder] });
}
