import { Option, type Command } from 'commander';
import type { Policy } from '#sdk';
import type { LibraryOptions } from '../../config/library.ts';
import type { Fingerprint } from '../../engine/compiled.ts';
import type { Surroundings } from './surroundings.ts';
import { collect } from './collect.ts';

/** What commands get: the process they run in, and how to read the policies that they are asked for. */
export interface CommandSurroundings extends Surroundings {
  readonly library: (options: LibraryOptions) => Promise<readonly Policy[]>;
}

export const settingsOption = new Option(
  '-s, --settings <file>',
  'settings file (default: daygate.yaml in this folder, if there is one)',
);

export const policiesOption = new Option(
  '--policies <folder>',
  'folder of policies of your own; may be repeated',
).argParser(collect);

export const fingerprintOption = new Option(
  '--fingerprint-key <file>',
  'file with a key: findings about credentials get a fingerprint (or the key itself in DAYGATE_FINGERPRINT_KEY)',
);

export interface FingerprintOption {
  readonly fingerprintKey?: string;
}

export async function withFingerprint<O extends FingerprintOption>(
  options: O,
  environment: NodeJS.ProcessEnv,
): Promise<O & { readonly fingerprint: Fingerprint | undefined }> {
  const { readFingerprint } = await import('../../config/fingerprint.ts');
  return { ...options, fingerprint: readFingerprint(options.fingerprintKey, environment) };
}

/** The options that say by which policies to judge. */
export function withPolicies(command: Command): Command {
  return command
    .option('--only <ids>', 'judge with these policies alone, separated by commas', collect)
    .option('--set <id.key=value>', 'set a parameter; may be repeated', collect)
    .option('--profile <profile>', 'judge everything by this profile')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('--kubernetes <version>', 'version of Kubernetes to judge for, such as 1.36');
}
