import type { Policy } from '#sdk';
import { readSettings } from '../../config/settings-file.ts';
import type { Known } from '../program/placeholders.ts';

/** What can be named on the command line here; settings that cannot be read add nothing, `check` says why. */
export async function knownHere(policies: readonly Policy[]): Promise<Known> {
  try {
    return { policies, profiles: Object.keys((await readSettings(undefined)).settings.profiles) };
  } catch {
    return { policies, profiles: [] };
  }
}
