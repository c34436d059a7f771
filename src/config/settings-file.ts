import { dirname, isAbsolute, join } from 'node:path';
import type { Policy } from '#sdk';
import { compileSettings, type CompileOptions } from '../engine/compile.ts';
import type { Compiled } from '../engine/compiled.ts';
import type { SettingsProblem } from '../engine/profiles.ts';
import { defaultSettings } from '../engine/default-settings.ts';
import { codeOf, fileProblem, UserError } from '../errors.ts';
import { readPlainFile } from '../plain-file.ts';
import { defaultSettingsFile } from './default-file.ts';
import { problemText } from './problem-text.ts';
import type { SettingsFile } from './parse-settings.ts';

/**
 * Reads and checks the settings.
 *
 * @throws UserError `settings` with all mistakes, one per line; `unreadable` or `not-found` for the file itself.
 */
export async function readSettings(named: string | undefined): Promise<SettingsFile> {
  const { text, file } = readSettingsText(named);
  if (file === undefined) return noSettingsFile;
  const { parseSettings } = await import('./parse-settings.ts');
  return parseSettings(text, file);
}

/** What is in force without a file. */
const noSettingsFile: SettingsFile = {
  file: undefined,
  settings: defaultSettings,
  place: () => 'settings',
  describe: (problem) => `settings: ${problemText(problem)}`,
  isWritten: () => false,
};

/**
 * Reads the settings file; nothing, and no file, where none was named and none lies in the current folder.
 *
 * @throws UserError `unreadable` or `not-found`
 */
export function readSettingsText(
  named: string | undefined,
): Pick<SettingsFile, 'file'> & { readonly text: string } {
  const file = named ?? defaultSettingsFile;
  try {
    return { file, text: readPlainFile(file).toString() };
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    if (named === undefined && missing) return { file: undefined, text: '' };
    throw new UserError(
      missing ? 'not-found' : 'unreadable',
      `settings ${file}: ${fileProblem(error)}`,
      file,
    );
  }
}

/** A path that settings name, as seen from the current folder: they see it from the folder of their file. */
export function besideSettings(file: string | undefined, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file ?? ''), path);
}

/**
 * Compiles settings for the policies at hand. `more` is what somebody else has found wrong with the same settings.
 *
 * @throws UserError `settings` with all mistakes, one per line.
 */
export function compileOrThrow(
  file: SettingsFile,
  policies: readonly Policy[],
  options: CompileOptions,
  more: readonly SettingsProblem[] = [],
): Compiled {
  const { compiled, problems: own } = compileSettings(file.settings, policies, options);
  const problems = [...own, ...more];
  if (problems.length === 0) return compiled;
  const described = problems.map((problem) => describeProblem(file, problem));
  throw new UserError('settings', [...new Set(described)].join('\n'), file.file);
}

/** What the command line says is in no file. */
function describeProblem(file: SettingsFile, problem: SettingsProblem): string {
  const [option, ...steps] = problem.path;
  if (typeof option !== 'string' || !option.startsWith('--')) return file.describe(problem);
  return `${option}${steps.length === 0 ? '' : ` ${steps.join('.')}`}: ${problem.message}`;
}
