import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { LibraryOptions } from '../config/library.ts';
import { defaultSettingsFile } from '../config/default-file.ts';
import type { Fingerprint } from '../engine/compile.ts';
import type { ServeOptions } from '../serve-command.ts';
import { formats } from '../report/format-names.ts';
import { daygateVersion } from '../version.ts';
import type { CheckOptions } from './check.ts';
import type { ExceptionsOptions } from './exceptions.ts';
import type { FixOptions } from './fix.ts';
import type { Io } from './io.ts';
import type { NewPolicyOptions } from './new-policy.ts';
import type { ListOptions } from './policies.ts';
import { addAudit } from './program/audit-command.ts';
import { collect } from './program/collect.ts';
import { addBreakglass, addCerts, contextOption, kubeconfigOption } from './program/cluster-commands.ts';
import { addMerge, addRollout } from './program/report-commands.ts';
import { helpAfter, helpWidth, programHelpAfter, refuseEmpty } from './program/help.ts';
import { addShellCommands } from './program/shell-commands.ts';
import { shownCommands } from './program/shown-commands.ts';
import type { Library, ReviewOptions } from '../replay/review.ts';
import type { RenderOptions } from './render.ts';
import type { SettingsOptions } from './settings.ts';
import type { StartThread } from './threads/threads.ts';
import type { RunOnce } from './watch.ts';
import type { Policy } from '#sdk';

/** What the commands need of the process they run in. */
export interface Surroundings {
  readonly io: Io;
  readonly environment: NodeJS.ProcessEnv;
  /** The policies that ship with daygate. */
  readonly builtIn: () => Promise<readonly Policy[]>;
  readonly serve: (
    options: ServeOptions & LibraryOptions,
    builtIn: () => Promise<readonly Policy[]>,
  ) => Promise<void>;
  /** Runs `check` once more, as it was called, without --watch. */
  readonly runOnce: RunOnce;
  /** Starts a thread that judges by the policies that ship with daygate, and by no others. */
  readonly startThread?: StartThread;
  /** Takes the exit code. */
  readonly finish: (code: number) => void;
  /** What daygate was called as: `daygate`, or `kubectl daygate`. */
  readonly name: string;
}

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

const completeCommand = '__complete';

interface FingerprintOption {
  readonly fingerprintKey?: string;
}

interface AllCheckOptions extends CheckOptions, LibraryOptions, FingerprintOption {
  readonly watch?: boolean;
}

async function withFingerprint<O extends FingerprintOption>(
  options: O,
  environment: NodeJS.ProcessEnv,
): Promise<O & { readonly fingerprint: Fingerprint | undefined }> {
  const { readFingerprint } = await import('../config/fingerprint.ts');
  return { ...options, fingerprint: readFingerprint(options.fingerprintKey, environment) };
}

/**
 * All commands. Each loads what it needs when it runs: `check` must not wait for a web server to load.
 *
 * The placeholder of an argument or option says what may stand there: program/placeholders.ts.
 */
export function buildProgram(surroundings: Surroundings): Command {
  const { io, environment, builtIn, serve, runOnce, startThread, finish, name } = surroundings;
  const library = async (options: LibraryOptions): Promise<readonly Policy[]> => {
    const [policies, { readLibrary }] = await Promise.all([builtIn(), import('../config/library.ts')]);
    return readLibrary(policies, options);
  };

  const program = new Command(name)
    .description('Production readiness for Kubernetes: one engine for admission, CI and audit.')
    .version(`daygate ${daygateVersion()}`, '-V, --version', 'print the version')
    .option('--no-color', 'no colours, also not on a terminal')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ sortSubcommands: true, sortOptions: true, helpWidth })
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(text.replace(/^error:/, 'daygate:')),
    })
    .showHelpAfterError(`(${name} --help tells more)`)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', () => programHelpAfter(name))
    .hook('preAction', (_program, command) => {
      if (command.name() === completeCommand) return;
      refuseEmpty(command);
      tellOfOtherName(command, io);
    });

  /** The options that say by which policies to judge. */
  const withPolicies = (command: Command): Command =>
    command
      .option('--only <ids>', 'judge with these policies alone, separated by commas', collect)
      .option('--set <id.key=value>', 'set a parameter; may be repeated', collect)
      .option('--profile <profile>', 'judge everything by this profile')
      .addOption(settingsOption)
      .addOption(policiesOption)
      .option('--kubernetes <version>', 'version of Kubernetes to judge for, such as 1.36');

  /** A command about manifests, with the options that say which, and by which policies. */
  function manifestCommand(name: string, description: string): Command {
    const command = program
      .command(name)
      .description(description)
      .argument('[paths...]', 'files, folders, patterns, or - for standard input')
      .option('-f, --filename <path>', 'a path, as kubectl writes it; may be repeated', collect)
      .option('-n, --namespace <namespace>', 'namespace of objects that name none');
    return withPolicies(command).option(
      '--crds <path>',
      'file or folder with CustomResourceDefinitions; may be repeated',
      collect,
    );
  }

  manifestCommand('check', 'judge manifests')
    .option('-k, --kustomize <folder>', 'render a Kustomize folder; may be repeated', collect)
    .option('-o, --output <format[=file]>', `${formats.join(', ')}; may be repeated`, collect)
    .option('--fail-on <levels>', 'what gives exit code 1 (default: warn, and what is graver)', collect)
    .option('-q, --quiet', 'show only what fails the run, and the summary')
    .option('--watch', 'judge again at every change, until Ctrl-C')
    .option('--baseline <file>', 'count only findings that this file does not list')
    .option('--write-baseline <file>', 'write the findings of this run into the file')
    .option('--fail-on-stale-baseline', 'fail where the baseline lists what no longer occurs')
    .option('--changed-since <ref>', 'judge only files that changed since this branch left REF, by git')
    .addOption(fingerprintOption)
    .option('--threads <count>', 'how many threads read and judge (default: as many as pay)')
    .action(async (paths: readonly string[], options: AllCheckOptions) => {
      if (options.watch === true) {
        const { watchCheck } = await import('./watch.ts');
        finish(await watchCheck(paths, options, runOnce, io));
        return;
      }
      const { check } = await import('./check.ts');
      const all = await withFingerprint(options, environment);
      const policies = await library(options);
      const hasOwn = policies !== (await builtIn());
      finish(await check(paths, all, policies, io, hasOwn ? undefined : startThread));
    });

  manifestCommand('fix', 'write fixes into manifests')
    .option('--suggestions', 'write what policies only suggest, too: read the result before you commit it')
    .option('--diff', 'print the changes, with credentials masked, and write nothing')
    .option('--dry-run', 'say what would be fixed and write nothing')
    .action(async (paths: readonly string[], options: FixOptions & LibraryOptions) => {
      const { fix } = await import('./fix.ts');
      finish(await fix(paths, options, await library(options), io));
    });

  program
    .command('exceptions')
    .description('list the exceptions of the settings: when they end and what they still hit')
    .argument('[paths...]', 'manifests: files, folders, patterns, or - for standard input')
    .option('-f, --filename <path>', 'a path, as kubectl writes it; may be repeated', collect)
    .option('-n, --namespace <namespace>', 'namespace of objects that name none')
    .option('--profile <profile>', 'judge everything by this profile')
    .option('--within <days>', 'what ends sooner is expiring', '30d')
    .option('--fail-on <states>', 'expired, expiring or unused, separated by commas', collect)
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('--crds <path>', 'file or folder with CustomResourceDefinitions; may be repeated', collect)
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async (paths: readonly string[], options: ExceptionsOptions & LibraryOptions) => {
      const { listExceptions } = await import('./exceptions.ts');
      finish(await listExceptions(paths, options, await library(options), io));
    });

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
      const { showSettings } = await import('./settings.ts');
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
      const { explainPolicy } = await import('./policies.ts');
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
      const { listPolicies } = await import('./policies.ts');
      finish(listPolicies(words, options, await library(options), io));
    });

  program
    .command('new-policy')
    .description('make the folder of a policy of your own')
    .argument('<folder>', 'where to make it; its last part is the id, such as policies/require-tier')
    .option('--target <target>', 'container, podSpec, object, request or relation', 'container')
    .option('--category <category>', 'where it is listed', 'operations')
    .action(async (place: string, options: NewPolicyOptions) => {
      const { newPolicy } = await import('./new-policy.ts');
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
        import('../config/library.ts'),
        import('./test-policies.ts'),
      ]);
      const named = folders.length > 0 ? folders : policyFolders(options);
      finish(await testPolicies(named, options, policies, io));
    });

  program
    .command('types')
    .description('print TypeScript for the kinds of CustomResourceDefinitions')
    .argument('<paths...>', 'files, folders, patterns, or - for standard input')
    .action(async (paths: readonly string[]) => {
      const { printTypes } = await import('./kind-types.ts');
      finish(await printTypes(paths, io));
    });

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
        import('./render.ts'),
        builtIn(),
        library(options),
      ]);
      const own = policies.filter((policy) => !shipped.includes(policy)).map(({ id }) => id);
      finish(render(options, policies, new Set(own), io));
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
      const { review } = await import('../replay/review.ts');
      const ownLibrary: Library = (settings) =>
        library({ ...options, ...(settings === undefined ? {} : { settings }) });
      finish(await review(paths, options, ownLibrary, io));
    });

  program
    .command('serve')
    .description('answer admission reviews over HTTPS')
    .addOption(settingsOption)
    .addOption(policiesOption)
    .option('--host <address>', 'address to listen on', '0.0.0.0')
    .option('--port <number>', 'port to listen on', '8443')
    .option(
      '--workers <number>',
      'processes that share the port and are replaced when they end, or auto: one per core',
      '1',
    )
    .option('--cert <file>', 'PEM file of the certificate')
    .option('--key <file>', 'PEM file of its key')
    .option('--ca <file>', 'PEM file of the CA in the caBundles, whose end is watched, too')
    .option('--client-ca <file>', 'PEM file of the CA that clients must be signed by')
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
    .option('--record-bytes <size>', 'with --record: how much all of them may take', '64Mi')
    .addOption(kubeconfigOption)
    .addOption(contextOption)
    .addOption(fingerprintOption)
    .action(async (options: ServeOptions & LibraryOptions & FingerprintOption) => {
      await serve(await withFingerprint(options, environment), builtIn);
    });

  addAudit(program, surroundings, withPolicies);
  addBreakglass(program, surroundings);
  addCerts(program, surroundings);
  addMerge(program, surroundings);
  addRollout(program, { ...surroundings, library, common: [settingsOption, policiesOption] });

  addShellCommands(program, surroundings, completeCommand);

  for (const command of shownCommands(program))
    command.addHelpText('after', () => helpAfter(name, command, program.createHelp()));
  return program;
}

const otherSettingsName = 'daygate.yml';

/** A file that looks like settings and is not read is told. */
function tellOfOtherName(command: Command, io: Io): void {
  if (!command.options.includes(settingsOption) || command.getOptionValue('settings') !== undefined) return;
  if (existsSync(defaultSettingsFile) || !existsSync(otherSettingsName)) return;
  io.err(
    `daygate: ${otherSettingsName} is not read: settings are in ${defaultSettingsFile}, or where --settings says\n`,
  );
}
