import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import type { Policy } from '#sdk';
import { compileOrThrow, readSettings, type SettingsFile } from '../config/settings-file.ts';
import type { Compiled, Fingerprint } from '../engine/compile.ts';
import { nearest } from '../engine/nearest.ts';
import { UserError } from '../errors.ts';
import { findInputs, type Inputs } from './inputs.ts';
import type { Io } from './io.ts';

/** What to judge, and by what: the options that `check` and `fix` share. */
export interface ScopeOptions {
  readonly filename?: readonly string[];
  readonly namespace?: string;
  readonly only?: readonly string[];
  readonly set?: readonly string[];
  readonly profile?: string;
  readonly settings?: string;
  readonly kubernetes?: string;
  readonly crds?: readonly string[];
  /** Marks credentials in findings. */
  readonly fingerprint?: Fingerprint | undefined;
}

interface Scope {
  readonly compiled: Compiled;
  readonly inputs: Inputs;
  /** Where the definitions of custom kinds lie, beside those among the manifests. */
  readonly crds: Inputs;
}

/** @throws UserError where the settings, the options or the paths make no sense */
export async function readScope(
  paths: readonly string[],
  options: ScopeOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<Scope> {
  const file = readSettings(options.settings);
  const compiled = compileScope(file, options, policies, io.now());
  const all = [...paths, ...(options.filename ?? [])];
  if (all.length === 0) {
    throw new UserError('usage', 'no input: name files, folders or patterns, or - for standard input');
  }
  // What settings name lies beside their file, wherever daygate is called.
  const beside = compiled.settings.crds.map((path) => resolveBeside(file.file, path));
  const crds = await findInputs([...beside, ...(options.crds ?? [])], io);
  return { compiled, inputs: await findInputs(all, io), crds };
}

function resolveBeside(file: string | undefined, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file ?? ''), path);
}

function compileScope(
  file: SettingsFile,
  options: ScopeOptions,
  policies: readonly Policy[],
  now: number,
): Compiled {
  const settings = {
    ...file.settings,
    ...(options.kubernetes === undefined ? {} : { kubernetes: kubernetesVersion(options.kubernetes) }),
  };
  const compiled = compileOrThrow({ ...file, settings }, policies, {
    now,
    fingerprint: options.fingerprint,
    ...(options.only === undefined
      ? {}
      : { only: options.only.flatMap((ids) => ids.split(',')).filter((id) => id !== '') }),
    ...(options.set === undefined ? {} : { set: parseSet(options.set) }),
  });
  const { profile } = options;
  if (profile !== undefined && !compiled.profiles.has(profile)) {
    const known = [...compiled.profiles.keys()];
    throw new UserError(
      'usage',
      `there is no profile ${profile}${nearest(profile, known)} (known: ${known.join(', ')})`,
    );
  }
  return compiled;
}

function kubernetesVersion(text: string): string {
  const version = /^v?(1\.\d{1,3})(?:\.\d+)?$/.exec(text)?.[1];
  if (version === undefined)
    throw new UserError('usage', `--kubernetes ${text}: expected a version like 1.36`);
  return version;
}

/** `require-replicas.min=3` → `{ 'require-replicas': { min: 3 } }`; the value is YAML. */
export function parseSet(
  assignments: readonly string[],
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const set: Record<string, Record<string, unknown>> = {};
  for (const assignment of assignments) {
    const match = /^([\w-]+)\.([\w-]+)=(.*)$/s.exec(assignment);
    if (match === null)
      throw new UserError(
        'usage',
        `--set ${assignment}: write --set ID.key=VALUE, such as require-replicas.min=3`,
      );
    const [, id = '', key = '', value = ''] = match;
    try {
      (set[id] ??= {})[key] = parse(value);
    } catch {
      throw new UserError('usage', `--set ${id}.${key}: the value is no YAML`);
    }
  }
  return set;
}
