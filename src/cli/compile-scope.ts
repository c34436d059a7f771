import { parse } from 'yaml';
import type { Policy } from '#sdk';
import type { SettingsFile } from '../config/parse-settings.ts';
import { compileOrThrow } from '../config/settings-file.ts';
import type { CompileOptions } from '../engine/compile.ts';
import type { Compiled, Fingerprint } from '../engine/compiled.ts';
import type { SetParameters } from '../engine/parameter-problems.ts';
import { UserError } from '../errors.ts';
import { oneOf } from './one-of.ts';

/** By what to judge: the options that `check`, `fix` and `audit` share. */
export interface PolicyOptions {
  readonly only?: readonly string[];
  readonly set?: readonly string[];
  readonly profile?: string;
  readonly settings?: string;
  readonly kubernetes?: string;
  /** Marks credentials in findings. */
  readonly fingerprint?: Fingerprint | undefined;
}

/** @throws UserError `settings`, or `usage` for what the command line says */
export function compileScope(
  file: SettingsFile,
  { kubernetes, profile }: PolicyOptions,
  policies: readonly Policy[],
  compiledWith: CompileOptions,
): Compiled {
  const settings = {
    ...file.settings,
    ...(kubernetes === undefined ? {} : { kubernetes: kubernetesVersion(kubernetes) }),
  };
  const compiled = compileOrThrow({ ...file, settings }, policies, compiledWith);
  if (profile !== undefined) oneOf('profile', profile, [...compiled.profiles.keys()]);
  return compiled;
}

export function compileOptions({ fingerprint, set, ...options }: PolicyOptions, now: number): CompileOptions {
  const only = options.only?.flatMap((ids) => ids.split(',')).map((id) => id.trim());
  // An unset variable must not judge with fewer policies than its author meant, or with none.
  if (only?.length === 0 || only?.includes('') === true)
    throw new UserError('usage', '--only: an id is empty (is a variable not set?)');
  return {
    now,
    fingerprint,
    ...(only === undefined ? {} : { only }),
    ...(set === undefined ? {} : { set: parseSet(set) }),
  };
}

function kubernetesVersion(text: string): string {
  const version = /^v?(1\.\d{1,3})(?:\.\d+)?$/.exec(text)?.[1];
  if (version === undefined)
    throw new UserError('usage', `--kubernetes ${text}: expected a version like 1.36`);
  return version;
}

/** `require-replicas.min=3` → `{ 'require-replicas': { min: 3 } }`; the value is YAML. */
export function parseSet(assignments: readonly string[]): SetParameters {
  // No records: in those, __proto__ is no name.
  const set = new Map<string, Map<string, unknown>>();
  for (const assignment of assignments) {
    const match = /^([\w-]+)\.([\w-]+)=(.*)$/s.exec(assignment);
    if (match === null)
      throw new UserError(
        'usage',
        `--set ${assignment}: write --set ID.key=VALUE, such as require-replicas.min=3`,
      );
    const [, id = '', key = '', value = ''] = match;
    try {
      set.set(id, (set.get(id) ?? new Map<string, unknown>()).set(key, parse(value, { logLevel: 'error' })));
    } catch {
      throw new UserError('usage', `--set ${id}.${key}: the value is no YAML`);
    }
  }
  return Object.fromEntries([...set].map(([id, params]) => [id, Object.fromEntries(params)]));
}
