import { Option, type Command } from 'commander';
import type { BreakglassOptions } from '../../breakglass/breakglass.ts';
import type { Surroundings } from '../program.ts';

export const kubeconfigOption = new Option(
  '--kubeconfig <file>',
  'kubeconfig of the cluster (default: as kubectl finds it, or the service account of the pod)',
);

export const contextOption = new Option(
  '--context <context>',
  'context of the kubeconfig (default: its current one)',
);

export function addBreakglass(program: Command, { io, finish }: Pick<Surroundings, 'io' | 'finish'>): void {
  program
    .command('breakglass')
    .description('suspend enforcement for a while, also while daygate is dead')
    .option('--for <duration>', 'how long, such as 30m or 2h; at most 24h')
    .option('--reason <reason>', 'why, for those who find it')
    .option('--skip-calls', 'have daygate not called at all, where it does harm itself')
    .option('--undo', 'put everything back')
    .option('--when-due', 'with --undo: only where the time has come')
    .option('--dry-run', 'say what would be changed and change nothing')
    .addOption(kubeconfigOption)
    .addOption(contextOption)
    .option('--configuration <configuration>', 'name of both webhook configurations', 'daygate')
    .action(async (options: BreakglassOptions) => {
      const { breakglass } = await import('../../breakglass/breakglass.ts');
      finish(await breakglass(options, io));
    });
}
