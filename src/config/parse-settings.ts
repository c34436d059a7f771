import { settingsSchema } from '../engine/settings.ts';
import { UserError } from '../errors.ts';
import { checkYaml } from './checked-yaml.ts';
import type { SettingsFile } from './settings-file.ts';

/**
 * Parses settings from text; `file` is only a name for messages.
 *
 * @throws UserError `settings` with all mistakes, one per line
 */
export function parseSettings(text: string, file: string | undefined): SettingsFile {
  const { value, problems, ...places } = checkYaml(text, file ?? 'settings', settingsSchema);
  if (value === undefined) throw new UserError('settings', problems.join('\n'), file);
  return { file, settings: value, ...places };
}
