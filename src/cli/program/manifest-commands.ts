import type { Command } from 'commander';
import type { LibraryOptions } from '../../config/library.ts';
import { formats } from '../../report/format-names.ts';
import type { CheckOptions } from '../check.ts';
import type { ExceptionsOptions } from '../exceptions.ts';
import type { FixOptions } from '../fix.ts';
import { collect } from './collect.ts';
import {
  fingerprintOption,
  policiesOption,
  settingsOption,
  withFingerprint,
  withPolicies,
  type CommandSurroundings,
  type FingerprintOption,
} from './common-options.ts';

interface AllCheckOptions extends CheckOptions, LibraryOptions, FingerprintOption {
  readonly watch?: boolean;
}

/** check, fix and exceptions: what is done with manifests. */
export function addManifestCommands(program: Command, surroundings: CommandSurroundings): void {
  const { io, environment, builtIn, library, runOnce, startThread, finish } = surroundings;

  /** A command about manifests, with the options that say which, and by which policies. */
  function manifestCommand(name: string, description: string): Command {
    const command = program
      .command(name)
      .description(description)
      .argument('[paths...]', 'files, folders, patterns, or - for standard input')
      .option('-f, --filename <path>', 'a path, as kubectl writes it; may be repeated', collect)
      .option('-n, --namespace <namespace>', 'namespace of objects that name none');
    return withPolicies(command)
      .option('--crds <path>', 'file or folder with CustomResourceDefinitions; may be repeated', collect)
      .option('--exclude <pattern>', 'leave out these files and folders; may be repeated', collect);
  }

  manifestCommand('check', 'judge manifests')
    .option('-k, --kustomize <folder>', 'render a Kustomize folder; may be repeated', collect)
    .option('-o, --output <format[=file]>', `${formats.join(', ')}; may be repeated`, collect)
    .option('--fail-on <levels>', 'what gives exit code 1 (default: warn, and what is graver)', collect)
    .option('-q, --quiet', 'show only what fails the run, and the summary')
    .option('--include <what>', 'pass: which policies found nothing, by object and control', collect)
    .option('--watch', 'judge again at every change, until Ctrl-C')
    .option('--baseline <file>', 'count only findings that this file does not list')
    .option('--write-baseline <file>', 'write the findings of this run into the file')
    .option('--fail-on-stale-baseline', 'fail where the baseline lists what no longer occurs')
    .option('--changed-since <ref>', 'judge only files that changed since this branch left REF, by git')
    .addOption(fingerprintOption)
    .option('--threads <count>', 'how many threads read and judge (default: as many as pay)')
    .action(async (paths: readonly string[], options: AllCheckOptions) => {
      if (options.watch === true) {
        const { watchCheck } = await import('../watch.ts');
        finish(await watchCheck(paths, options, runOnce, io));
        return;
      }
      const { check } = await import('../check.ts');
      const all = await withFingerprint(options, environment);
      const policies = await library(options);
      const hasOwn = policies !== (await builtIn());
      finish(await check(paths, all, policies, io, hasOwn ? undefined : startThread));
    });

  manifestCommand('fix', 'write fixes into manifests')
    .option('--suggestions', 'write what policies only suggest, too: read the result before you commit it')
    .option('--diff', 'print the changes, with credentials masked, and write nothing')
    .option('--dry-run', 'say what would be fixed and write nothing')
    .action(async (paths: readonly string[], options: FixOptions & LibraryOptions) => {
      const { fix } = await import('../fix.ts');
      finish(await fix(paths, options, await library(options), io));
    });

  program
    .command('exceptions')
    .description('list the exceptions of the settings: when they end and what they still hit')
    .argument('[paths...]', 'manifests: files, folders, patterns, or - for standard input')
    .option('-f, --filename <path>', 'a path, as kubectl writes it; may be repeated', collect)
    .option('-n, --namespace <namespace>', 'namespace of objects that name none')
    .option('--profile <profile>', 'judge everything by this profile')
    .option('--within <days>', 'what ends sooner is expiring', '30d')
    .option('--fail-on <states>', 'expired, expiring or unused, separated by commas', collect)
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('--crds <path>', 'file or folder with CustomResourceDefinitions; may be repeated', collect)
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async (paths: readonly string[], options: ExceptionsOptions & LibraryOptions) => {
      const { listExceptions } = await import('../exceptions.ts');
      finish(await listExceptions(paths, options, await library(options), io));
    });
}
