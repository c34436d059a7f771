import type { Policy } from '#sdk';
import { foldersOf } from '../../config/library.ts';
import { parseSettings } from '../../config/parse-settings.ts';
import { compileOrThrow } from '../../config/settings-file.ts';
import type { Fingerprint } from '../../engine/compiled.ts';
import { UserError } from '../../errors.ts';
import type { Logger } from '../../log/log.ts';
import type { Limits } from '../limits.ts';
import { policiesCheck } from '../readiness.ts';
import { revivePolicies } from '../sandbox/loaded-policies.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { inForce, type SettingsInForce, type SettingsSnapshot, type Told } from './in-force.ts';

/** Where settings and policies come from. */
export interface SettingsOrigin {
  /** As the command line names it; without a name daygate.yaml in this folder, if there is one. */
  readonly settings: string | undefined;
  /** Folders of a team's own policies, beside those that the settings name. */
  readonly folders: readonly string[];
  /** The policies that ship with daygate. */
  readonly builtIn: readonly Policy[];
  /** Marks credentials in findings. */
  readonly fingerprint?: Fingerprint | undefined;
}

/** What settings need of the server they are for. */
export interface SettingsTools extends Told {
  readonly logger: Logger;
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Makes settings ready to judge, beside those in force: compiles them, starts a process that loads the team's own
 * policies, and judges a plain Pod with every profile. Policies that were loaded before are not read from the disk.
 *
 * @throws UserError `settings`, `policies` or `not-found` with all mistakes, one per line
 */
export async function loadSettings(
  { text, file: name, loaded }: SettingsSnapshot,
  { folders: named, builtIn, fingerprint }: SettingsOrigin,
  tools: SettingsTools,
): Promise<SettingsInForce> {
  const { now } = tools;
  const file = parseSettings(text, name);
  const { settings } = file;
  const folders = foldersOf(file, named);
  const ids = builtIn.map(({ id }) => id);
  const sandbox =
    folders.length === 0
      ? undefined
      : await startSandbox({ folders, settings, builtIn: ids, loaded, ...tools });
  try {
    const own = sandbox === undefined ? [] : revivePolicies(sandbox.loaded, settings, ids);
    const sandboxed = new Set(own.map(({ id }) => id));
    const options = { now: now(), sandboxed, fingerprint };
    const compiled = compileOrThrow(file, [...builtIn, ...own], options, sandbox?.loaded.problems);
    const problem = policiesCheck(() => compiled, now).problem();
    if (problem !== undefined) throw new UserError('settings', `${name ?? 'settings'}: ${problem}`, name);
    const snapshot = { text, file: name, loaded: sandbox?.loaded };
    return { ...inForce(compiled, sandbox, now()), snapshot };
  } catch (error) {
    await sandbox?.close();
    throw error;
  }
}
