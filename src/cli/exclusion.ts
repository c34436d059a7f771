import { dirname, isAbsolute, posix, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import type { SettingsFile } from '../config/parse-settings.ts';
import { UserError } from '../errors.ts';

/** Why a file or folder is left out; undefined for what is not. */
export type Exclusion = (path: string) => string | undefined;

export const nothingExcluded: Exclusion = () => undefined;

/**
 * What `exclude` of the settings leaves out, seen from the folder of their file, and `--exclude`, seen from the current one.
 * What is below an excluded folder is excluded.
 *
 * @throws UserError `usage` for an option that is no pattern
 * @example exclusion(settingsFile, ['docs', '**\/*.test.yaml'])('docs/a.yaml') // '--exclude docs'
 */
export function exclusion({ file, settings }: SettingsFile, options: readonly string[]): Exclusion {
  const wrong = options.find((pattern) => /^(?:!|$)/.test(pattern));
  if (wrong !== undefined)
    throw new UserError('usage', `--exclude ${wrong}: expected a pattern without !, such as **/values.yaml`);
  const matchers = [
    ...settings.exclude.map((pattern) =>
      matcher(pattern, dirname(resolve(file ?? '')), `${file ?? 'settings'} excludes ${pattern}`),
    ),
    ...options.map((pattern) => matcher(pattern, resolve(), `--exclude ${pattern}`)),
  ];
  if (matchers.length === 0) return nothingExcluded;
  return (path) => {
    for (const matches of matchers) {
      const reason = matches(path);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

function matcher(pattern: string, base: string, reason: string): Exclusion {
  const top = posix.normalize(pattern).replace(/\/$/, '');
  const isMatch = picomatch(`${top}/**`, { dot: true });
  const from = isAbsolute(top) ? (path: string) => path : (path: string) => relative(base, path);
  return (path) => (isMatch(from(resolve(path)).split(sep).join('/')) ? reason : undefined);
}
