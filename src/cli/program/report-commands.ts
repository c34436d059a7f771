import type { Command } from 'commander';
import { mergeFormats } from '../../merge/format-names.ts';
import type { MergeOptions } from '../../merge/merge.ts';
import type { Surroundings } from '../program.ts';
import { collect } from './collect.ts';

export function addMerge(program: Command, { io, finish }: Pick<Surroundings, 'io' | 'finish'>): void {
  program
    .command('merge')
    .description('join the audit reports of many clusters, or of the shards of one')
    .argument('<reports...>', 'reports of daygate audit -o json, or merged ones')
    .option('-o, --output <format[=file]>', `${mergeFormats.join(' or ')}; may be repeated`, collect)
    .option('--diff <report>', 'tell what is new and gone since this earlier report')
    .option('--trend <report>', 'an earlier report, for the trend; may be repeated', collect)
    .action(async (reports: readonly string[], options: MergeOptions) => {
      const { merge } = await import('../../merge/merge.ts');
      finish(merge(reports, options, io));
    });
}
