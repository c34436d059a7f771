import type { Command } from 'commander';
import type { LibraryOptions } from '../../config/library.ts';
import type { Library, ReviewOptions } from '../../replay/review.ts';
import type { ServeOptions } from '../../serve-options.ts';
import type { RenderOptions } from '../render.ts';
import { contextOption, kubeconfigOption } from './cluster-commands.ts';
import { collect } from './collect.ts';
import {
  fingerprintOption,
  policiesOption,
  settingsOption,
  withFingerprint,
  type CommandSurroundings,
  type FingerprintOption,
} from './common-options.ts';

/** serve, what it is registered with, and what became of its reviews. */
export function addServerCommands(program: Command, surroundings: CommandSurroundings): void {
  const { io, environment, builtIn, library, serve, finish } = surroundings;

  program
    .command('render')
    .description('print the webhook configurations, or the rights, that the enabled policies need')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('-o, --output <file>', 'write to a file')
    .option('--check', 'compare with the file and fail where it differs')
    .option('--url <url>', 'address of a daygate outside the cluster, such as https://127.0.0.1:8443')
    .option('--ca-bundle <file>', 'PEM file of the CA that signed its certificate')
    .option(
      '--rbac <reader>',
      'the role, with its binding, of serve, audit, audit-namespace or policy-reports',
    )
    .option(
      '-n, --namespace <namespace>',
      'with --rbac: namespace of the service account (default: that of the settings)',
    ) // prettier-ignore
    .option('--service-account <account>', 'with --rbac: its name (default: daygate, or daygate-audit)')
    .action(async (options: RenderOptions & LibraryOptions) => {
      const [{ render }, shipped, policies] = await Promise.all([
        import('../render.ts'),
        builtIn(),
        library(options),
      ]);
      const own = policies.filter((policy) => !shipped.includes(policy)).map(({ id }) => id);
      finish(await render(options, policies, new Set(own), io));
    });

  program
    .command('review')
    .description('judge recorded admission reviews again, and tell which verdicts change')
    .argument('[paths...]', 'files and folders of serve --record, AdmissionReviews, or - for standard input')
    .option('-f, --filename <path>', 'a path, as kubectl writes it; may be repeated', collect)
    .option('--against <settings>', 'other settings to compare with, or recorded: what was answered then')
    .option('--profile <profile>', 'judge everything by this profile')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async (paths: readonly string[], options: ReviewOptions & LibraryOptions) => {
      const { review } = await import('../../replay/review.ts');
      const ownLibrary: Library = (settings) =>
        library({ ...options, ...(settings === undefined ? {} : { settings }) });
      finish(await review(paths, options, ownLibrary, io));
    });

  program
    .command('serve')
    .description('answer admission reviews over HTTPS')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('--host <address>', 'address to listen on; otherwise all, of IPv4 and IPv6')
    .option('--port <number>', 'port to listen on', '8443')
    .option(
      '--workers <number>',
      'processes that share the port and are replaced when they end, or auto: one per core',
      '1',
    )
    .option('--cert <file>', 'PEM file of the certificate')
    .option('--key <file>', 'PEM file of its key')
    .option('--ca <file>', 'PEM file of the CA in the caBundles, whose end is watched, too')
    .option('--client-ca <file>', 'with --cert: PEM file of the CA that clients must be signed by')
    .option('--self-signed', 'make a certificate for this run: for a laptop')
    .option('--ca-out <file>', 'with --self-signed: where to write its CA')
    .option('--drain-seconds <number>', 'how long to keep serving after SIGTERM', '10')
    .option('--log-level <level>', 'how much to log', 'info')
    .option(
      '--metrics-namespaces <number>',
      'count decisions by namespace too, for so many namespaces, at most 500',
    )
    .option(
      '--traces <share>',
      'send OpenTelemetry traces: of reviews the API server traces, and of this share of the others',
    )
    .option('--record <folder>', 'keep reviews there, without credentials, for daygate review')
    .option('--record-bytes <size>', 'with --record: how much all of them may take (default: 64Mi)')
    .addOption(kubeconfigOption)
    .addOption(contextOption)
    .addOption(fingerprintOption)
    .action(async (options: ServeOptions & FingerprintOption) => {
      await serve(await withFingerprint(options, environment), builtIn);
    });
}
