import { statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Policy } from '#sdk';
import { printable } from '../engine/message.ts';
import { fileProblem, UserError } from '../errors.ts';

let hooked = false;

/** What a policy of a team may import, even where there is no node_modules: the running daygate's SDK, and zod. */
function provideSdk(): void {
  if (hooked) return;
  hooked = true;
  const provided: Readonly<Record<string, string>> = {
    'daygate/sdk': import.meta.resolve('#sdk'),
    zod: import.meta.resolve('zod'),
  };
  registerHooks({
    resolve: (specifier, context, next) => {
      const own = Object.hasOwn(provided, specifier) ? provided[specifier] : undefined;
      return own === undefined ? next(specifier, context) : { url: own, shortCircuit: true };
    },
  });
}

/** Files of policies in a folder: every policy.ts at any depth, and every .ts file right in the folder. */
const patterns = ['**/policy.{ts,mts,js,mjs}', '*.{ts,mts,js,mjs}'];
const ignored = ['**/node_modules/**', '**/*.d.ts', '**/*.d.mts', '**/*.test.*'];

/** A policy and the file it comes from. */
export interface LoadedPolicy {
  readonly file: string;
  readonly policy: Policy;
}

/**
 * Loads a team's own policies: each file exports one by default. TypeScript is run as it is, its types stripped.
 *
 * @throws UserError `policies` for a folder that is none or holds none, a file that cannot be run or exports no
 *   policy, an id that is taken; `not-found` for a folder that does not exist.
 */
export async function loadPolicies(
  folders: readonly string[],
  builtIn: readonly Policy[],
): Promise<readonly LoadedPolicy[]> {
  if (folders.length === 0) return [];
  provideSdk();
  const { glob } = await import('tinyglobby');
  const loaded: LoadedPolicy[] = [];
  const taken = new Map(builtIn.map(({ id }) => [id, 'daygate itself']));
  for (const folder of folders) {
    demandFolder(folder);
    const files = await glob(patterns, { cwd: folder, ignore: ignored, absolute: true });
    if (files.length === 0) throw wrong(folder, 'there is no policy.ts in this folder');
    for (const file of files.toSorted()) {
      const policy = await loadPolicy(file);
      const first = taken.get(policy.id);
      if (first !== undefined) throw wrong(file, `the id ${policy.id} is taken by ${first}`);
      taken.set(policy.id, file);
      loaded.push({ file, policy });
    }
  }
  return loaded;
}

function demandFolder(folder: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch (error) {
    throw new UserError('not-found', `policies ${folder}: ${fileProblem(error)}`, folder);
  }
  if (!isFolder) throw wrong(folder, 'expected a folder');
}

function wrong(file: string, message: string): UserError {
  return new UserError('policies', `policies ${file}: ${message}`, file);
}

async function loadPolicy(file: string): Promise<Policy> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'it threw no error';
    throw wrong(file, `cannot be loaded: ${printable(reason, 600)}`);
  }
  const parsed = shape.safeParse(module.default);
  if (parsed.success) return module.default as Policy;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0
      ? 'expected export default definePolicy({ … })'
      : `${path.map(String).join('.')}: ${message}`,
  );
  throw wrong(file, problems.join('; '));
}

const callable = z.custom<unknown>((value) => typeof value === 'function', 'expected a function');
const words = z.array(z.string());

/** What the engine relies on. The compiler checks far more, where somebody asks it; this is for those who did not. */
const shape = z.object({
  id: z
    .string()
    .regex(
      /^(?:require|forbid|bound|prefer|inherit)(?:-[a-z0-9]+)+$/,
      'expected lower-case words and dashes that begin with require-, forbid-, bound-, prefer- or inherit-',
    ),
  category: z.string().min(1),
  title: z.string().min(1),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  target: z.enum(['container', 'podSpec', 'object', 'request', 'relation']),
  profiles: z.record(z.string(), z.unknown()),
  params: z.custom<unknown>(
    (value) => typeof value === 'object' && value !== null && 'safeParse' in value && 'shape' in value,
    'expected z.strictObject({ … })',
  ),
  messages: z
    .record(z.string(), z.string().min(1))
    .refine((messages) => Object.keys(messages).length > 0, 'expected a message'),
  why: z.string(),
  remediation: z.union([z.string(), z.record(z.string(), z.string())]),
  references: words,
  containers: z.array(z.enum(['app', 'init', 'sidecar', 'ephemeral'])).optional(),
  kinds: z.array(z.union([z.string(), z.object({ kind: z.string(), group: z.string() })])).optional(),
  operations: z.array(z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT'])).optional(),
  facts: words.optional(),
  validate: callable,
  fix: z
    .object({
      safety: z.enum(['safe', 'optional', 'suggestion']),
      resolves: words,
      requires: words.optional(),
      apply: callable,
    })
    .optional(),
});
