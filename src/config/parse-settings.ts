import { settingsSchema, type Settings } from '../engine/settings.ts';
import { UserError } from '../errors.ts';
import { checkYaml, type YamlPlaces } from './checked-yaml.ts';

/** Settings with what is needed to say where in their file a mistake is. */
export interface SettingsFile extends YamlPlaces {
  /** Undefined where no file was named and none lies in the current folder. */
  readonly file: string | undefined;
  readonly settings: Settings;
}

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
