import type { Command } from 'commander';
import type { LibraryOptions } from '../../config/library.ts';
import type { NewPolicyOptions } from '../new-policy.ts';
import type { ListOptions } from '../policies.ts';
import type { SettingsOptions } from '../settings.ts';
import { collect } from './collect.ts';
import { policiesOption, settingsOption, type CommandSurroundings } from './common-options.ts';

/** What is told of settings and policies, and what those who write policies need. */
export function addPolicyCommands(program: Command, surroundings: CommandSurroundings): void {
  const { io, builtIn, library, finish } = surroundings;

  program
    .command('settings')
    .description('tell what is in force for a namespace, and why')
    .argument('[id]', 'one policy, with all about it')
    .option('-n, --namespace <namespace>', 'a namespace')
    .option('-f, --filename <path>', 'where its manifest is, with the label; may be repeated', collect)
    .option('--profile <profile>', 'a profile')
    .option('--schema', 'print the JSON Schema of the settings, for editors')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async (id: string | undefined, options: SettingsOptions & LibraryOptions) => {
      const { showSettings } = await import('../settings.ts');
      finish(await showSettings(id, options, await library(options), io));
    });

  program
    .command('explain')
    .description('tell all about a policy')
    .argument('<id>', 'its id, or a word of it')
    .option('-o, --output <format>', 'text or json', 'text')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .action(async (id: string, options: LibraryOptions & { readonly output: string }) => {
      const { explainPolicy } = await import('../policies.ts');
      finish(explainPolicy(id, await library(options), options.output, io));
    });

  program
    .command('policies')
    .description('list the policies and where they are on')
    .argument('[words...]', 'only policies with these words in their id or title')
    .option('--category <category>', 'only policies of this category')
    .option('--profile <profile>', 'only policies that are on in this profile')
    .option('--severity <severity>', 'only policies of this severity')
    .option('-o, --output <format>', 'text or json', 'text')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .action(async (words: readonly string[], options: LibraryOptions & ListOptions) => {
      const { listPolicies } = await import('../policies.ts');
      finish(listPolicies(words, options, await library(options), io));
    });

  program
    .command('new-policy')
    .description('make the folder of a policy of your own')
    .argument('<folder>', 'where to make it; its last part is the id, such as policies/require-tier')
    .option('--target <target>', 'container, podSpec, object, request or relation', 'container')
    .option('--category <category>', 'where it is listed', 'operations')
    .action(async (place: string, options: NewPolicyOptions) => {
      const { newPolicy } = await import('../new-policy.ts');
      finish(newPolicy(place, options, await library({}), io));
    });

  program
    .command('test')
    .description('test policies of your own on their fixtures')
    .argument('[folders...]', 'folders of policies (default: policyFolders of the settings)')
    .addOption(settingsOption)
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async (folders: readonly string[], options: LibraryOptions & { readonly output: string }) => {
      const [policies, { policyFolders }, { testPolicies }] = await Promise.all([
        builtIn(),
        import('../../config/library.ts'),
        import('../test-policies.ts'),
      ]);
      const named = folders.length > 0 ? folders : await policyFolders(options);
      finish(await testPolicies(named, options, policies, io));
    });

  program
    .command('types')
    .description('print TypeScript for the kinds of CustomResourceDefinitions')
    .argument('<paths...>', 'files, folders, patterns, or - for standard input')
    .action(async (paths: readonly string[]) => {
      const { printTypes } = await import('../kind-types.ts');
      finish(await printTypes(paths, io));
    });
}
