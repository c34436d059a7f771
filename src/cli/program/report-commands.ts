import type { Command } from 'commander';
import type { LibraryOptions } from '../../config/library.ts';
import type { MergeOptions } from '../../merge/merge.ts';
import { auditFormats } from '../../report/audit/format-names.ts';
import type { RolloutOptions } from '../../rollout/rollout.ts';
import type { Surroundings } from './surroundings.ts';
import { collect } from './collect.ts';
import { policiesOption, settingsOption, type CommandSurroundings } from './common-options.ts';

export function addMerge(program: Command, { io, finish }: Surroundings): void {
  program
    .command('merge')
    .description('join the audit reports of many clusters, or of the shards of one')
    .argument('<reports...>', 'reports of daygate audit -o json, or merged ones')
    .option('-o, --output <audit-format[=file]>', `${auditFormats.join(', ')}; may be repeated`, collect)
    .option('--diff <report>', 'tell what is new and gone since this earlier report')
    .option('--trend <report>', 'an earlier report, for the trend; may be repeated', collect)
    .action(async (reports: readonly string[], options: MergeOptions) => {
      const { merge } = await import('../../merge/merge.ts');
      finish(merge(reports, options, io));
    });
}

export function addRollout(program: Command, { io, finish, library }: CommandSurroundings): void {
  program
    .command('rollout')
    .description('predict what a stricter profile or policy would refuse, and draft exceptions for it')
    .option('--report <report>', 'of daygate audit -o json: what exists')
    .option('--reviews <paths>', 'records of serve --record: what is asked; may be repeated', collect)
    .option('--profile <profile>', 'what if all were judged by this profile, and it were enforced')
    .option('--deny <ids>', 'what if these policies denied, wherever they are on or not', collect)
    .option('--until <date>', 'what would break on this day, when exceptions and tolerance have ended')
    .option('--write-exceptions <file>', 'draft exceptions for all of it into a new file')
    .option('--owner <owner>', 'with --write-exceptions: who answers for them')
    .option('--reason <reason>', 'with --write-exceptions: why')
    .option('--expires <date>', 'with --write-exceptions: their last day')
    .option('-o, --output <format>', 'text or json', 'text')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .action(async (options: RolloutOptions & LibraryOptions) => {
      const { rollout } = await import('../../rollout/rollout.ts');
      finish(await rollout(options, await library(options), io));
    });
}
