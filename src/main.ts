import { enableCompileCache } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { processIo } from './cli/io.ts';
import { errorCodes, messageOf, UserError } from './errors.ts';
import { formats } from './report/format-names.ts';
import type { ServeOptions } from './serve-command.ts';
import type { CheckOptions } from './cli/check.ts';
import type { ExceptionsOptions } from './cli/exceptions.ts';
import type { NewPolicyOptions } from './cli/new-policy.ts';
import type { FixOptions } from './cli/fix.ts';
import type { RenderOptions } from './cli/render.ts';
import type { SettingsOptions } from './cli/settings.ts';
import type { LibraryOptions } from './config/library.ts';
import type { Fingerprint } from './engine/compile.ts';
import type { Policy } from '#sdk';

// Compiled code is kept between runs: half of what a short `check` takes would be compiling.
enableCompileCache();

// Each command loads what it needs when it runs: `check` must not wait for a web server to load.

const io = processIo(process.argv.includes('--no-color') ? false : undefined);
const library = async (options: LibraryOptions): Promise<readonly Policy[]> => {
  const [{ policies }, { readLibrary }] = await Promise.all([
    import('../policies/index.ts'),
    import('./config/library.ts'),
  ]);
  return readLibrary(policies, options);
};
const collect = (value: string, earlier: readonly string[] | undefined): readonly string[] => [
  ...(earlier ?? []),
  value,
];

const settingsOption = new Option(
  '-s, --settings <file>',
  'settings file (default: daygate.yaml in this folder, if there is one)',
);

const policiesOption = new Option(
  '--policies <folder>',
  'folder of policies of your own; may be repeated',
).argParser(collect);

const fingerprintOption = new Option(
  '--fingerprint-key <file>',
  'file with a key: findings about credentials get a fingerprint (or the key itself in DAYGATE_FINGERPRINT_KEY)',
);

interface FingerprintOption {
  readonly fingerprintKey?: string;
}

async function withFingerprint<O extends FingerprintOption>(
  options: O,
): Promise<O & { readonly fingerprint: Fingerprint | undefined }> {
  const { readFingerprint } = await import('./config/fingerprint.ts');
  return { ...options, fingerprint: readFingerprint(options.fingerprintKey, process.env) };
}

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

/** A command about manifests, with the options that say which, and by which policies. */
function manifestCommand(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[paths...]', 'files, folders, patterns, or - for standard input')
    .option('-f, --filename <path>', 'a path, as kubectl writes it; may be repeated', collect)
    .option('-n, --namespace <name>', 'namespace of objects that name none')
    .option('--only <ids>', 'judge with these policies alone, separated by commas', collect)
    .option('--set <id.key=value>', 'set a parameter; may be repeated', collect)
    .option('--profile <name>', 'judge everything by this profile')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('--kubernetes <version>', 'version the manifests are meant for, such as 1.36')
    .option('--crds <path>', 'file or folder with CustomResourceDefinitions; may be repeated', collect);
}

manifestCommand('check', 'judge manifests')
  .option('-k, --kustomize <folder>', 'render a Kustomize folder; may be repeated', collect)
  .option('-o, --output <format[=file]>', `${formats.join(', ')}; may be repeated`, collect)
  .option('--baseline <file>', 'count only findings that this file does not list')
  .option('--write-baseline <file>', 'write the findings of this run into the file')
  .option('--fail-on-stale-baseline', 'fail where the baseline lists what no longer occurs')
  .option('--changed-since <ref>', 'judge only files that changed since this branch left REF, by git')
  .addOption(fingerprintOption)
  .addHelpText(
    'after',
    `
Charts and Kustomize folders are rendered with the helm and kubectl (or kustomize) that are installed.
Without paths, what the settings list under render is rendered and judged.

Exit codes: 0 clean, 1 findings, 2 wrong use or not all was checked, 3 a fault of daygate.\n${examples(
      'daygate check deploy/',
      'daygate check -k overlays/production',
      'daygate check --namespace shop charts/shop',
      'daygate check -o text -o sarif=daygate.sarif -o junit=daygate.xml deploy/',
      'daygate check --only require-replicas --set require-replicas.min=3 web.yaml',
      'daygate check --write-baseline daygate-baseline.yaml deploy/',
      'daygate check --baseline daygate-baseline.yaml --changed-since origin/main deploy/',
    )}`,
  )
  .action(async (paths: readonly string[], options: CheckOptions & LibraryOptions & FingerprintOption) => {
    const { check } = await import('./cli/check.ts');
    finish(await check(paths, await withFingerprint(options), await library(options), io));
  });

manifestCommand('fix', 'write fixes into manifests')
  .option('--suggestions', 'write what policies only suggest, too: read the result before you commit it')
  .option('--diff', 'print the changes, with credentials masked, and write nothing')
  .option('--dry-run', 'say what would be fixed and write nothing')
  .addHelpText(
    'after',
    `
Comments, order, quotes, anchors and line endings stay as they are.

Exit codes: 0 done, 1 with --diff or --dry-run there is something to fix, 2 wrong use or a fix could not be
written, 3 a fault of daygate.
${examples(
  'daygate fix deploy/',
  'daygate fix --diff --suggestions deploy/web.yaml',
  'kubectl kustomize overlays/production | daygate fix - > fixed.yaml',
  'daygate fix --only require-memory-limit --set require-memory-limit.default=512Mi deploy/',
)}`,
  )
  .action(async (paths: readonly string[], options: FixOptions & LibraryOptions) => {
    const { fix } = await import('./cli/fix.ts');
    finish(await fix(paths, options, await library(options), io));
  });

program
  .command('exceptions')
  .description('list the exceptions of the settings: when they end and what they still hit')
  .argument('[paths...]', 'manifests: files, folders, patterns, or - for standard input')
  .option('-f, --filename <path>', 'a path, as kubectl writes it; may be repeated', collect)
  .option('-n, --namespace <name>', 'namespace of objects that name none')
  .option('--profile <name>', 'judge everything by this profile')
  .option('--within <days>', 'what ends sooner is expiring', '30d')
  .option('--fail-on <states>', 'expired, expiring or unused, separated by commas', collect)
  .addOption(settingsOption)
  .addOption(policiesOption)
  .option('--crds <path>', 'file or folder with CustomResourceDefinitions; may be repeated', collect)
  .option('-o, --output <format>', 'text or json', 'text')
  .addHelpText(
    'after',
    `\nExit codes: 0 listed, 1 what --fail-on names, 2 wrong use or not all was judged, 3 a fault of daygate.\n${examples(
      'daygate exceptions deploy/',
      'daygate exceptions --within 14d --fail-on expired,unused deploy/',
    )}`,
  )
  .action(async (paths: readonly string[], options: ExceptionsOptions & LibraryOptions) => {
    const { listExceptions } = await import('./cli/exceptions.ts');
    finish(await listExceptions(paths, options, await library(options), io));
  });

program
  .command('settings')
  .description('tell what is in force for a namespace, and why')
  .argument('[id]', 'one policy, with all about it')
  .option('-n, --namespace <name>', 'a namespace')
  .option('-f, --filename <path>', 'where its manifest is, with the label; may be repeated', collect)
  .option('--profile <name>', 'a profile')
  .option('--schema', 'print the JSON Schema of the settings, for editors')
  .addOption(settingsOption)
  .addOption(policiesOption)
  .option('-o, --output <format>', 'text or json', 'text')
  .addHelpText(
    'after',
    examples(
      'daygate settings --namespace shop -f namespaces.yaml',
      'daygate settings --profile restricted require-replicas',
      'daygate settings --schema > daygate.schema.json',
    ),
  )
  .action(async (id: string | undefined, options: SettingsOptions & LibraryOptions) => {
    const { showSettings } = await import('./cli/settings.ts');
    finish(await showSettings(id, options, await library(options), io));
  });

program
  .command('explain')
  .description('tell all about a policy')
  .argument('<id>', 'its id')
  .option('-o, --output <format>', 'text or json', 'text')
  .addHelpText('after', examples('daygate explain require-memory-limit'))
  .addOption(settingsOption)
  .addOption(policiesOption)
  .action(async (id: string, options: LibraryOptions & { readonly output: string }) => {
    const { explainPolicy } = await import('./cli/policies.ts');
    finish(explainPolicy(id, await library(options), options.output, io));
  });

program
  .command('policies')
  .description('list the policies and where they are on')
  .option('-o, --output <format>', 'text or json', 'text')
  .addOption(settingsOption)
  .addOption(policiesOption)
  .action(async (options: LibraryOptions & { readonly output: string }) => {
    const { listPolicies } = await import('./cli/policies.ts');
    finish(listPolicies(await library(options), options.output, io));
  });

program
  .command('new-policy')
  .description('make the folder of a policy of your own')
  .argument('<folder>', 'where to make it; its last part is the id, such as policies/require-tier')
  .option('--target <target>', 'container, podSpec, object, request or relation', 'container')
  .option('--category <name>', 'where it is listed', 'operations')
  .addHelpText('after', examples('daygate new-policy policies/require-tier --target object'))
  .action(async (place: string, options: NewPolicyOptions) => {
    const { newPolicy } = await import('./cli/new-policy.ts');
    finish(newPolicy(place, options, await library({}), io));
  });

program
  .command('test')
  .description('test policies of your own on their fixtures')
  .argument('[folders...]', 'folders of policies (default: policyFolders of the settings)')
  .addOption(settingsOption)
  .option('-o, --output <format>', 'text or json', 'text')
  .addHelpText(
    'after',
    `\nExit codes: 0 all passed, 1 some failed, 2 a policy cannot be loaded.\n${examples('daygate test policies')}`,
  )
  .action(async (folders: readonly string[], options: LibraryOptions & { readonly output: string }) => {
    const [{ policies }, { policyFolders }, { testPolicies }] = await Promise.all([
      import('../policies/index.ts'),
      import('./config/library.ts'),
      import('./cli/test-policies.ts'),
    ]);
    const named = folders.length > 0 ? folders : policyFolders(options);
    finish(await testPolicies(named, options, policies, io));
  });

program
  .command('types')
  .description('print TypeScript for the kinds of CustomResourceDefinitions')
  .argument('<paths...>', 'files, folders, patterns, or - for standard input')
  .addHelpText(
    'after',
    `\nExit codes: 0 printed, 2 something gives no types: then nothing is printed.\n${examples(
      'daygate types crds/ > policies/kinds/widgets.ts',
      'kubectl get crd widgets.example.org -o yaml | daygate types -',
    )}`,
  )
  .action(async (paths: readonly string[]) => {
    const { printTypes } = await import('./cli/kind-types.ts');
    finish(await printTypes(paths, io));
  });

program
  .command('render')
  .description('print the webhook configurations that the enabled policies need')
  .addOption(settingsOption)
  .addOption(policiesOption)
  .option('-o, --output <file>', 'write to a file')
  .option('--check', 'compare with the file and fail where it differs')
  .option('--url <url>', 'address of a daygate outside the cluster, such as https://127.0.0.1:8443')
  .option('--ca-bundle <file>', 'PEM file of the CA that signed its certificate')
  .addHelpText(
    'after',
    examples('daygate render | kubectl apply -f -', 'daygate render --check --output deploy/webhooks.yaml'),
  )
  .action(async (options: RenderOptions & LibraryOptions) => {
    const { render } = await import('./cli/render.ts');
    finish(render(options, await library(options), io));
  });

program
  .command('serve')
  .description('answer admission reviews over HTTPS')
  .addOption(settingsOption)
  .addOption(policiesOption)
  .option('--host <address>', 'address to listen on', '0.0.0.0')
  .option('--port <number>', 'port to listen on', '8443')
  .option('--cert <file>', 'PEM file of the certificate')
  .option('--key <file>', 'PEM file of its key')
  .option('--client-ca <file>', 'PEM file of the CA that clients must be signed by')
  .option('--self-signed', 'make a certificate for this run: for a laptop')
  .option('--ca-out <file>', 'with --self-signed: where to write its CA')
  .option('--drain-seconds <number>', 'how long to keep serving after SIGTERM', '10')
  .option('--log-level <level>', 'trace, debug, info, warn or error', 'info')
  .addOption(fingerprintOption)
  .addHelpText(
    'after',
    examples(
      'daygate serve --cert /tls/tls.crt --key /tls/tls.key',
      'daygate serve --self-signed --ca-out ca.pem --host 127.0.0.1',
    ),
  )
  .action(async (options: ServeOptions & LibraryOptions & FingerprintOption) => {
    const [{ serveCommand }, { policies }] = await Promise.all([
      import('./serve-command.ts'),
      import('../policies/index.ts'),
    ]);
    await serveCommand(await withFingerprint(options), policies);
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
