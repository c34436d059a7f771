import { realpathSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { foldersOf } from '../../config/library.ts';
import type { ModuleSnapshot } from '../../config/module-snapshot.ts';
import { readFolders } from '../../config/policy-files.ts';
import { parseSettings } from '../../config/parse-settings.ts';
import { readSettingsText } from '../../config/settings-file.ts';
import { UserError } from '../../errors.ts';
import { filesOfModules } from '../sandbox/loaded-policies.ts';
import type { SettingsInForce } from './in-force.ts';
import type { SettingsOrigin } from './load-settings.ts';

/** What lay on the disk at one look. */
export interface Look {
  /** The settings, or why there are none. */
  readonly settings: { readonly text: string; readonly file: string | undefined } | UserError;
  /** The same while nothing has changed. */
  readonly digest: string;
  /** Where changes are announced. */
  readonly folders: readonly string[];
}

/** Looks at the settings and at the files of the policies that they and the command line name. */
export async function lookAtDisk(
  origin: SettingsOrigin,
  present: SettingsInForce | undefined,
): Promise<Look> {
  const settings = readText(origin.settings);
  const own = ownFolders(settings, origin);
  const elsewhere = present?.sandbox === undefined ? [] : filesOutside(present.sandbox.loaded.modules, own);
  const contents = await readFolders(own, elsewhere);
  const { text, file } =
    settings instanceof UserError ? { text: settings.message, file: origin.settings } : settings;
  return {
    settings,
    digest: JSON.stringify([file, text, contents.digest]),
    folders: [dirname(file ?? '.'), ...contents.folders],
  };
}

function readText(named: string | undefined): Look['settings'] {
  try {
    return readSettingsText(named);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Those of the command line alone while the settings cannot be read. */
function ownFolders(settings: Look['settings'], { folders }: SettingsOrigin): readonly string[] {
  if (settings instanceof UserError) return folders;
  try {
    return foldersOf(parseSettings(settings.text, settings.file), folders);
  } catch {
    return folders;
  }
}

/** Files that policies import from somewhere else. */
function filesOutside(modules: ModuleSnapshot, folders: readonly string[]): readonly string[] {
  const roots = folders.map((folder) => {
    try {
      return `${realpathSync(folder)}${sep}`;
    } catch {
      return `${resolve(folder)}${sep}`;
    }
  });
  return filesOfModules(modules).filter((file) => !roots.some((root) => file.startsWith(root)));
}
