import type { Command } from 'commander';
import type { ServiceOptions } from '../../audit/service/serve-audits.ts';
import type { LibraryOptions } from '../../config/library.ts';
import { UserError } from '../../errors.ts';
import { auditFormats } from '../../report/audit/format-names.ts';
import type { Surroundings } from './surroundings.ts';
import { contextOption, kubeconfigOption } from './cluster-commands.ts';
import { collect } from './collect.ts';
import { withPolicies } from './common-options.ts';

export function addAudit(program: Command, { io, finish, builtIn }: Surroundings): void {
  const command = program
    .command('audit')
    .description('judge what runs in a cluster')
    .addOption(kubeconfigOption)
    .addOption(contextOption)
    .option('--cluster <name>', 'what reports call the cluster (default: the context)')
    .option(
      '-n, --namespace <namespace>',
      'only this namespace, and nothing that is in none; may be repeated',
      collect,
    );
  withPolicies(command)
    .option('-o, --output <audit-format[=file]>', `${auditFormats.join(', ')}; may be repeated`, collect)
    .option('--fail-on <levels>', 'what gives exit code 1 (default: warn, and what is graver)', collect)
    .option('-q, --quiet', 'print the report and nothing else')
    .option('--include <what>', 'pass: which policies found nothing, by object and control', collect)
    .option('--since <report>', 'a JSON report of this cluster: judge only what has changed since')
    .option('--patches', 'also tell what admission would patch today, with the change; nothing is written')
    .option('--trend <report>', 'an earlier JSON report to compare with; may be repeated', collect)
    .option('--shard <i/n>', 'of n audits that share the cluster by namespace, the one with number i, from 0')
    .option('--chunk-size <number>', 'how many objects a call lists', '500')
    .option('--qps <number>', 'how many calls a second, at most', '50')
    .option('--write-policy-reports', 'write PolicyReports into the cluster, and remove those of before')
    .option('--every <duration>', 'audit again and again, such as 10m, and answer the last report by HTTP')
    .option('--listen <address>', 'with --every: where, such as :9090 or 127.0.0.1:9090')
    .option('--history <folder>', 'with --every: keep the reports there, over restarts')
    .option('--keep <number>', 'with --history: how many', '24')
    .option('--metrics-namespaces <number>', 'with --every: metrics by namespace, for so many (up to 100)')
    .option('--log-level <level>', 'with --every: trace, debug, info, warn, error, fatal or silent', 'info')
    .action(async (options: Omit<ServiceOptions, 'every'> & { every?: string } & LibraryOptions) => {
      (await import('../../audit/frugal.ts')).growSlowly();
      const { every, ...rest } = options;
      const { libraryReader } = await import('../../config/reread-library.ts');
      const library = libraryReader(await builtIn(), options);
      if (every !== undefined) {
        const { serveAudits } = await import('../../audit/service/serve-audits.ts');
        await serveAudits({ ...rest, every }, { library, now: () => io.now(), signals: true });
        return;
      }
      refuseWithoutEvery(rest);
      const { audit } = await import('../../audit/audit-command.ts');
      finish(await audit(rest, await library(), io));
    });
}

/** @throws UserError `usage` */
function refuseWithoutEvery({ listen, history, metricsNamespaces }: Omit<ServiceOptions, 'every'>): void {
  const given = { '--listen': listen, '--history': history, '--metrics-namespaces': metricsNamespaces };
  for (const [option, value] of Object.entries(given))
    if (value !== undefined)
      throw new UserError('usage', `${option} goes with --every, such as --every 10m --listen :9090`);
}
