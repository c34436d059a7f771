import { enableCompileCache } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { processIo } from './cli/io.ts';
import { errorCodes, messageOf, UserError } from './errors.ts';
import type { ServeOptions } from './serve-command.ts';
import type { CheckOptions } from './cli/check.ts';
import type { RenderOptions } from './cli/render.ts';

// Compiled code is kept between runs: half of what a short `check` takes would be compiling.
enableCompileCache();

// Each command loads what it needs when it runs: `check` must not wait for a web server to load.

const io = processIo(process.argv.includes('--no-color') ? false : undefined);
const policies = async () => (await import('../policies/index.ts')).policies;
const collect = (value: string, earlier: readonly string[] | undefined): readonly string[] => [
  ...(earlier ?? []),
  value,
];

const settingsOption = new Option(
  '-s, --settings <file>',
  'settings file (default: daygate.yaml in this folder, if there is one)',
);

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

function finish(code: number): void {
  process.exitCode = code;
}

const program = new Command('daygate')
  .description('Production readiness for Kubernetes: one engine for admission, CI and audit.')
  .option('--no-color', 'no colours, also not on a terminal')
  .showHelpAfterError('(daygate --help tells more)')
  .showSuggestionAfterError()
  .exitOverride();

program
  .command('check')
  .description('judge manifests')
  .argument('[paths...]', 'files, folders, patterns, or - for standard input')
  .option('-f, --filename <path>', 'a path, as kubectl writes it; may be repeated', collect)
  .option('-n, --namespace <name>', 'namespace of objects that name none')
  .option('-o, --output <format[=file]>', 'text or json; may be repeated', collect)
  .option('--only <ids>', 'judge with these policies alone, separated by commas', collect)
  .option('--set <id.key=value>', 'set a parameter; may be repeated', collect)
  .option('--profile <name>', 'judge everything by this profile')
  .addOption(settingsOption)
  .option('--kubernetes <version>', 'version the manifests are meant for, such as 1.36')
  .option('--crds <path>', 'file or folder with CustomResourceDefinitions; may be repeated', collect)
  .addHelpText(
    'after',
    `\nExit codes: 0 clean, 1 findings, 2 wrong use or not all was checked, 3 a fault of daygate.\n${examples(
      'daygate check deploy/',
      'kubectl kustomize overlays/production | daygate check -',
      'daygate check -o text -o json=report.json deploy/',
      'daygate check --only require-replicas --set require-replicas.min=3 web.yaml',
    )}`,
  )
  .action(async (paths: readonly string[], options: CheckOptions) => {
    const { check } = await import('./cli/check.ts');
    finish(await check(paths, options, await policies(), io));
  });

program
  .command('explain')
  .description('tell all about a policy')
  .argument('<id>', 'its id')
  .option('-o, --output <format>', 'text or json', 'text')
  .addHelpText('after', examples('daygate explain require-memory-limit'))
  .action(async (id: string, { output }: { readonly output: string }) => {
    const { explainPolicy } = await import('./cli/policies.ts');
    finish(explainPolicy(id, await policies(), output, io));
  });

program
  .command('policies')
  .description('list the policies and where they are on')
  .option('-o, --output <format>', 'text or json', 'text')
  .action(async ({ output }: { readonly output: string }) => {
    const { listPolicies } = await import('./cli/policies.ts');
    finish(listPolicies(await policies(), output, io));
  });

program
  .command('render')
  .description('print the webhook configurations that the enabled policies need')
  .addOption(settingsOption)
  .option('-o, --output <file>', 'write to a file')
  .option('--check', 'compare with the file and fail where it differs')
  .option('--url <url>', 'address of a daygate outside the cluster, such as https://127.0.0.1:8443')
  .option('--ca-bundle <file>', 'PEM file of the CA that signed its certificate')
  .addHelpText(
    'after',
    examples('daygate render | kubectl apply -f -', 'daygate render --check --output deploy/webhooks.yaml'),
  )
  .action(async (options: RenderOptions) => {
    const { render } = await import('./cli/render.ts');
    finish(render(options, await policies(), io));
  });

program
  .command('serve')
  .description('answer admission reviews over HTTPS')
  .addOption(settingsOption)
  .option('--host <address>', 'address to listen on', '0.0.0.0')
  .option('--port <number>', 'port to listen on', '8443')
  .option('--cert <file>', 'PEM file of the certificate')
  .option('--key <file>', 'PEM file of its key')
  .option('--client-ca <file>', 'PEM file of the CA that clients must be signed by')
  .option('--self-signed', 'make a certificate for this run: for a laptop')
  .option('--ca-out <file>', 'with --self-signed: where to write its CA')
  .option('--drain-seconds <number>', 'how long to keep serving after SIGTERM', '10')
  .option('--log-level <level>', 'trace, debug, info, warn or error', 'info')
  .addHelpText(
    'after',
    examples(
      'daygate serve --cert /tls/tls.crt --key /tls/tls.key',
      'daygate serve --self-signed --ca-out ca.pem --host 127.0.0.1',
    ),
  )
  .action(async (options: ServeOptions) => {
    const { serveCommand } = await import('./serve-command.ts');
    await serveCommand(options, await policies());
  });

function report(error: unknown): number {
  if (error instanceof UserError) {
    io.err(`daygate: ${error.message}\n`);
    return errorCodes[error.code].exit;
  }
  // commander has already printed its message; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : errorCodes.usage.exit;
  io.err(
    `daygate: a fault of daygate, please report it: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
  );
  return errorCodes.internal.exit;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
