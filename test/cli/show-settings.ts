import { join } from 'node:path';
import { policies } from '../../policies/index.ts';
import { showSettings, type SettingsOptions } from '../../src/cli/settings.ts';
import { errorCodes, UserError } from '../../src/errors.ts';
import { collectedIo } from './collected-io.ts';
import { inFolder, now, type CheckResult } from './run-check.ts';

export type Options = SettingsOptions & { readonly id?: string };

export async function show({ id, ...options }: Options): Promise<CheckResult> {
  const { io, out } = collectedIo(now);
  try {
    return { code: await showSettings(id, options, policies, io), out: out(), err: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: errorCodes[error.code].exit, out: out(), err: error.message };
  }
}

/** Shows settings from a text; places are told without the folder. */
export function showText(text: string, options: Options = {}, manifests?: string): Promise<CheckResult> {
  return inFolder({ 's.yaml': text, 'ns.yaml': manifests ?? '' }, async (folder) => {
    const given = manifests === undefined ? {} : { filename: [join(folder, 'ns.yaml')] };
    const { code, out, err } = await show({ settings: join(folder, 's.yaml'), ...given, ...options });
    return { code, out: out.replaceAll(`${folder}/`, ''), err: err.replaceAll(`${folder}/`, '') };
  });
}
