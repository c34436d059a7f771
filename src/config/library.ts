import type { Policy } from '#sdk';
import { profileNames } from '../engine/profiles.ts';
import type { SettingsFile } from './parse-settings.ts';
import { besideSettings, readSettings } from './settings-file.ts';

/** Where policies come from: the settings, and folders named beside them. */
export interface LibraryOptions {
  readonly settings?: string;
  readonly policies?: readonly string[];
}

/**
 * All policies: those that ship with daygate and a team's own, from the folders that the command line and the
 * settings name, as they run in a process that judges manifests: within a limit of time.
 *
 * @param edition names the files as they are now, where the same process has loaded others of the same names
 * @throws UserError as readSettings and loadPolicies do
 */
export async function readLibrary(
  builtIn: readonly Policy[],
  options: LibraryOptions,
  edition?: string,
): Promise<readonly Policy[]> {
  const folders = await policyFolders(options);
  if (folders.length === 0) return builtIn;
  // Most runs have none, and should not wait for what loads them.
  const [{ loadPolicies }, { nameStrayFailures }, { timeLimited }, { withoutExit }] = await Promise.all([
    import('./load-policies.ts'),
    import('./stray-failures.ts'),
    import('./time-limit.ts'),
    import('./without-exit.ts'),
  ]);
  const { settings } = await readSettings(options.settings);
  const loaded = await withoutExit(() => loadPolicies(folders, builtIn, profileNames(settings), { edition }));
  nameStrayFailures((text) => process.stderr.write(text));
  return [...builtIn, ...loaded.map(({ policy }) => timeLimited(policy))];
}

/** Folders of a team's own policies, each once. */
export async function policyFolders({ settings, policies = [] }: LibraryOptions): Promise<readonly string[]> {
  return foldersOf(await readSettings(settings), policies);
}

/** The same for settings that were read already; `named` are those of the command line. */
export function foldersOf(
  { file, settings }: Pick<SettingsFile, 'file' | 'settings'>,
  named: readonly string[],
): readonly string[] {
  const fromSettings = settings.policyFolders.map((folder) => besideSettings(file, folder));
  return [...new Set([...named, ...fromSettings])];
}
