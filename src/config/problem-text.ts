import { printable } from '../engine/message.ts';
import type { SettingsProblem } from '../engine/profiles.ts';

/** `profiles.team.extends: there is no profile …` */
export function problemText({ path, message }: SettingsProblem): string {
  return printable(path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`, 600);
}
