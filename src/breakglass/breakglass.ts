import type { Io } from '../cli/io.ts';
import type { ApiObject, OpenedCluster } from '../cluster/cluster.ts';
import { openCluster } from '../cluster/open-cluster.ts';
import type { KubeconfigOptions } from '../cluster/kubeconfig.ts';
import { nameOf } from '../cluster/resource.ts';
import { dateTimeOf } from '../engine/days.ts';
import { printable } from '../engine/message.ts';
import { UserError } from '../errors.ts';
import { longestSuspensionMs } from '../server/suspension.ts';
import {
  changeConfiguration,
  changeConfigurations,
  readConfigurations,
  whoAsks,
} from './own-configurations.ts';
import {
  disownConfiguration,
  endOfSuspension,
  readBreakglass,
  restoreConfiguration,
  suspendConfiguration,
  type SuspendOptions,
} from './suspended-configuration.ts';

/** What `daygate breakglass` takes on its command line. */
export interface BreakglassOptions extends KubeconfigOptions {
  /** `30m`, `2h`. */
  readonly for?: string;
  readonly reason?: string;
  readonly skipCalls?: boolean;
  readonly undo?: boolean;
  readonly whenDue?: boolean;
  readonly dryRun?: boolean;
  /** Name of both webhook configurations. */
  readonly configuration: string;
}

const minuteMs = 60_000;
const longestReason = 300;

/**
 * `daygate breakglass`: lets everything through for a while, and puts things back. It changes webhook configurations
 * and nothing else, which no webhook can refuse, so it works while daygate is dead.
 */
export async function breakglass(
  options: BreakglassOptions,
  io: Pick<Io, 'out' | 'now'>,
  open: (options: KubeconfigOptions) => OpenedCluster = openCluster,
): Promise<number> {
  if (options.undo === true) return undo(options, io, open);
  const wanted = { ...suspensionOf(options, io.now()), skipCalls: options.skipCalls === true };
  const cluster = open(options);
  const found = await readConfigurations(cluster, options.configuration);
  const by = await whoAsks(cluster);
  const { dryRun = false } = options;
  const say = (text: string): void => io.out(`${text}\n`);
  const end = dateTimeOf(wanted.until);
  say(
    `${dryRun ? 'would suspend' : 'suspending'} enforcement until ${end}: ${wanted.reason}${wanted.skipCalls ? ' (daygate is not called at all)' : ''}`,
  );
  say(`in ${placeOf(cluster)}`);
  const undoing = undoCommand(options);
  await changeConfigurations(
    cluster,
    found,
    (configuration) => suspendConfiguration(configuration, { ...wanted, by }),
    { dryRun, say, verb: 'suspended', unfinished: `run the same again, or undo what is done: ${undoing}` },
  );
  if (dryRun) return 0;
  say(
    wanted.skipCalls
      ? `daygate is not called until this is undone: not even its own clock ends it.`
      : `daygate enforces again by itself after ${end} where it answers; failurePolicy stays Ignore until this is undone.`,
  );
  say(
    `The CronJob daygate-breakglass-undo undoes it then, where it is installed (deploy/breakglass.yaml). Sooner, or without it:`,
  );
  say(`  ${undoing}`);
  return 0;
}

/** @throws UserError `usage` */
function suspensionOf(
  options: BreakglassOptions,
  now: number,
): Pick<SuspendOptions, 'now' | 'until' | 'reason'> {
  if (options.whenDue === true) throw new UserError('usage', '--when-due goes with --undo');
  const { for: span, reason } = options;
  if (span === undefined)
    throw new UserError('usage', '--for: say for how long, such as --for 30m (--undo puts things back)');
  const [, digits = '', unit] = /^(\d{1,4})(m|h)$/.exec(span) ?? [];
  const minutes = Number(digits) * (unit === 'h' ? 60 : 1);
  if (digits === '' || minutes < 1 || minutes * minuteMs > longestSuspensionMs)
    throw new UserError('usage', `--for ${span}: expected minutes or hours up to 24h, such as 30m`);
  if (reason === undefined || reason.trim() === '')
    throw new UserError(
      'usage',
      '--reason: say why, for those who find it: --reason "INC-4711: roll back checkout"',
    );
  if (reason.length > longestReason)
    throw new UserError('usage', `--reason: expected at most ${longestReason} characters`);
  // Paths tell whole seconds: what enforces by them and what undoes by the annotation must mean the same moment.
  const until = Math.ceil((now + minutes * minuteMs) / 1000) * 1000;
  // The reason is shown to everybody who may read the configurations.
  return { now, until, reason: printable(reason.trim(), longestReason) };
}

async function undo(
  options: BreakglassOptions,
  io: Pick<Io, 'out' | 'now'>,
  open: (options: KubeconfigOptions) => OpenedCluster,
): Promise<number> {
  const { for: span, reason, skipCalls, whenDue = false, dryRun = false } = options;
  if (span !== undefined || reason !== undefined || skipCalls === true)
    throw new UserError('usage', '--undo takes neither --for nor --reason nor --skip-calls');
  const cluster = open(options);
  const say = (text: string): void => io.out(`${text}\n`);
  const found = await readConfigurations(cluster, options.configuration);
  const suspended = found.filter(({ configuration }) => endOfSuspension(configuration) !== undefined);
  if (suspended.length === 0) {
    say(`nothing is suspended in ${placeOf(cluster)}`);
    return 0;
  }
  const due = suspended.filter(({ configuration }) => isDue(configuration, whenDue, io.now()));
  for (const { configuration, ref } of suspended) {
    const told = readBreakglass(configuration);
    const why =
      told === undefined
        ? ''
        : `, by ${printable(told.by)} since ${told.since}: ${printable(told.reason, longestReason)}`;
    const end = endOfSuspension(configuration) ?? 0;
    const until = end === 0 ? 'an unknown time' : dateTimeOf(end);
    say(`${nameOf(ref)}: suspended until ${until}${why}`);
  }
  if (due.length === 0) {
    say('not due yet');
    return 0;
  }
  const lost: string[] = [];
  await changeConfigurations(
    cluster,
    due,
    (configuration) => {
      // What somebody suspends again while this runs is not due any more.
      if (!isDue(configuration, whenDue, io.now())) return undefined;
      const restored = restoreConfiguration(configuration);
      if (restored !== undefined && !dryRun) lost.push(...restored.lost);
      return restored;
    },
    {
      dryRun,
      say,
      verb: 'enforced again',
      unfinished: `run the same again: ${undoCommand(options)}`,
      after: async (ref) =>
        changeConfiguration(
          cluster,
          { ref, configuration: await cluster.get(ref) },
          disownConfiguration,
          false,
        ),
    },
  );
  if (lost.length > 0)
    throw new UserError(
      'cluster',
      `the annotation does not say what ${[...new Set(lost)].join(', ')} had as failurePolicy and timeoutSeconds: they keep Ignore and 1; apply the chart, or what daygate render prints, again`,
    );
  return 0;
}

/** `prod (https://10.0.0.1:6443)`: whoever has many contexts has to see which one it was. */
function placeOf({ server, context }: OpenedCluster): string {
  return context === undefined ? server : `${printable(context)} (${server})`;
}

function isDue(configuration: ApiObject, whenDue: boolean, now: number): boolean {
  const end = endOfSuspension(configuration);
  return end !== undefined && (!whenDue || end <= now);
}

/** The command line that puts things back, on the same cluster. */
function undoCommand({ kubeconfig, context, configuration }: BreakglassOptions): string {
  const flags: readonly (readonly [string, string | undefined])[] = [
    ['--kubeconfig', kubeconfig],
    ['--context', context],
    ['--configuration', configuration === 'daygate' ? undefined : configuration],
  ];
  const words = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, quoted(value)]));
  return ['daygate breakglass --undo', ...words].join(' ');
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
