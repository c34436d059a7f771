import type { Command } from 'commander';
import type { Policy } from '#sdk';
import type { AuditCommandOptions } from '../../audit/audit-command.ts';
import type { LibraryOptions } from '../../config/library.ts';
import { auditFormats } from '../../report/audit/format-names.ts';
import type { Surroundings } from '../program.ts';
import { contextOption, kubeconfigOption } from './cluster-commands.ts';
import { collect } from './collect.ts';

/** @param add adds the options about policies that other commands have, too */
export function addAudit(
  program: Command,
  { io, finish }: Pick<Surroundings, 'io' | 'finish'>,
  add: (command: Command) => Command,
  library: (options: LibraryOptions) => Promise<readonly Policy[]>,
): void {
  const command = program
    .command('audit')
    .description('judge what runs in a cluster')
    .addOption(kubeconfigOption)
    .addOption(contextOption)
    .option('--cluster <name>', 'what reports call the cluster (default: the context)')
    .option('-n, --namespace <namespace>', 'only this namespace; may be repeated', collect);
  add(command)
    .option('-o, --output <audit-format[=file]>', `${auditFormats.join(', ')}; may be repeated`, collect)
    .option('--fail-on <levels>', 'what gives exit code 1 (default: warn, and what is graver)', collect)
    .option('-q, --quiet', 'print the report and nothing else')
    .option('--since <report>', 'a JSON report of this cluster: judge only what has changed since')
    .option('--trend <report>', 'an earlier JSON report to compare with; may be repeated', collect)
    .option('--shard <i/n>', 'of n audits that share the cluster by namespace, the one with number i, from 0')
    .option('--chunk-size <number>', 'how many objects a call lists', '500')
    .option('--qps <number>', 'how many calls a second, at most', '50')
    .action(async (options: AuditCommandOptions & LibraryOptions) => {
      (await import('../../audit/frugal.ts')).growSlowly();
      const { audit } = await import('../../audit/audit-command.ts');
      finish(await audit(options, await library(options), io));
    });
}
