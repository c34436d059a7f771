import { Option, type Command } from 'commander';
import type { CertsOptions } from '../../certs/certs-command.ts';
import type { BreakglassOptions } from '../../breakglass/breakglass.ts';
import type { Surroundings } from './surroundings.ts';
import { collect } from './collect.ts';

export const kubeconfigOption = new Option(
  '--kubeconfig <file>',
  'kubeconfig of the cluster (default: as kubectl finds it, or the service account of the pod)',
);

export const contextOption = new Option(
  '--context <context>',
  'context of the kubeconfig (default: its current one)',
);

export function addBreakglass(program: Command, { io, finish }: Surroundings): void {
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

export function addCerts(program: Command, { io, finish }: Surroundings): void {
  program
    .command('certs')
    .description('make and renew the certificates of daygate in a cluster')
    .addOption(kubeconfigOption)
    .addOption(contextOption)
    .option('-n, --namespace <namespace>', 'namespace of the Secrets and the Service', 'daygate-system')
    .option('--service <service>', 'the Service that the API server calls', 'daygate')
    .option('--name <host>', 'another DNS name or address the certificate is for; may be repeated', collect)
    .option('--secret <secret>', 'the Secret that daygate serves from', 'daygate-tls')
    .option('--ca-secret <secret>', 'the Secret with the CAs and their keys', 'daygate-ca')
    .option('--configuration <configuration>', 'name of both webhook configurations', 'daygate')
    .option('--leaf-days <number>', 'how long a certificate lasts', '90')
    .option('--ca-days <number>', 'how long a CA lasts', '730')
    .option('--overlap <minutes>', 'how long a change has to spread before the next', '60')
    .option('--dry-run', 'say what would be written and write nothing')
    .action(async (options: CertsOptions) => {
      const { certs } = await import('../../certs/certs-command.ts');
      finish(await certs(options, io));
    });
}
