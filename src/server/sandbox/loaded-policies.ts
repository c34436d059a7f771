/** What the server knows of policies that it never loads: the sandbox describes them, and the server judges by that. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isRecord, type JsonRecord, type Policy } from '#sdk';
import type { ModuleSnapshot } from '../../config/module-snapshot.ts';
import { policyProblems } from '../../config/policy-shape.ts';
import { profileNames, type SettingsProblem } from '../../engine/profiles.ts';
import type { Settings } from '../../engine/settings.ts';
import { UserError } from '../../errors.ts';

/** What the sandbox tells when it has loaded its policies. */
export interface Loaded {
  /** As describePolicy tells them. */
  readonly policies: readonly unknown[];
  readonly modules: ModuleSnapshot;
  /** What is wrong with what the settings say of them. */
  readonly problems: readonly SettingsProblem[];
}

export const loadedSchema: z.ZodType<Loaded> = z.object({
  policies: z.array(z.unknown()),
  modules: z.object({
    files: z.array(z.string()),
    resolved: z.record(z.string(), z.string()),
    sources: z.record(z.string(), z.object({ format: z.string(), text: z.string() })),
  }),
  problems: z.array(
    z.object({
      path: z.array(z.union([z.string(), z.number()])),
      message: z.string(),
      at: z.enum(['key', 'value']).exactOptional(),
    }),
  ),
});

/** A policy in terms that JSON has, which knows no functions. Of its parameters the names and defaults are left. */
export function describePolicy(policy: Policy): JsonRecord {
  const { params } = policy;
  const defaults = params.safeParse({}, { jitless: true }).data ?? {};
  const described = Object.keys(params.shape).map((name) => [name, { default: defaults[name] }] as const);
  return { ...policy, params: Object.fromEntries(described) };
}

/**
 * Policies to compile with, of which everything is there but what runs.
 *
 * @throws UserError `policies` where a description is not that of a policy
 */
export function revivePolicies(
  { policies, modules }: Loaded,
  settings: Settings,
  builtIn: readonly string[],
): readonly Policy[] {
  const revived = policies.map(revive);
  const own = revived.flatMap((policy) => (isRecord(policy) ? String(policy['id']) : []));
  const names = { ids: builtIn.length === 0 ? [] : [...builtIn, ...own], profiles: profileNames(settings) };
  return revived.map((policy, index) => {
    const [problem] = policyProblems(policy, names);
    if (problem === undefined) return policy as Policy;
    throw new UserError('policies', `policies ${modules.files[index] ?? ''}: ${problem}`);
  });
}

function revive(described: unknown): unknown {
  if (!isRecord(described)) return described;
  const { params, fix, ...fields } = described;
  const shape = Object.entries(isRecord(params) ? params : {}).map(([name, known]) => {
    const given = isRecord(known) ? known['default'] : undefined;
    return [name, given === undefined ? z.unknown().optional() : z.unknown().default(given)];
  });
  return {
    ...fields,
    // What the settings give them was looked at where the real ones are.
    params: z.looseObject(Object.fromEntries(shape) as z.ZodRawShape),
    validate: elsewhere,
    ...(isRecord(fix) ? { fix: { ...fix, apply: elsewhere } } : {}),
  };
}

function elsewhere(): never {
  throw new Error('this policy runs in the sandbox');
}

/** The same for the same files, wherever they lie. */
export function digestOfModules({ sources }: ModuleSnapshot): string {
  const texts = Object.values(sources).map(({ text }) => createHash('sha256').update(text).digest('hex'));
  return createHash('sha256').update(texts.sort().join()).digest('hex');
}

/** Files that were loaded, by their real paths. */
export function filesOfModules({ sources }: ModuleSnapshot): readonly string[] {
  return Object.keys(sources).map((address) => fileURLToPath(address));
}
