import { printable } from '../../engine/message.ts';
import { UserError } from '../../errors.ts';
import { describeError } from '../../log/log.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { watchFolders, type WatchOptions } from '../watch-folders.ts';
import {
  showSettings,
  type SettingsInForce,
  type SettingsProblem,
  type SettingsSnapshot,
  type SettingsSource,
} from './in-force.ts';
import { loadSettings, type SettingsOrigin, type SettingsTools } from './load-settings.ts';
import { lookAtDisk, type Look } from './look-at-disk.ts';

// Editors and `cp` write in steps: a file that is read between two of them is half a file.
const settleMs = 200;
const mostRetryMs = 600_000;
// Beside the loading of policies, which has a limit of its own: reading the disk twice, compiling, ending a process.
const besidesLoadingMs = 20_000;
const mostReasons = 20;

export interface SettingsWatch extends WatchOptions {
  /**
   * After how long policies that could not be loaded are tried again without any change, because the machine may have
   * been busy; each time twice as long, up to ten minutes.
   */
  readonly retryMs?: number;
  /** After how long a look is given up; longer than policies may take to be loaded. */
  readonly lookMs?: number;
}

/** Passes settings on from worker to worker. */
export interface SettingsRelay {
  /** What others serve with: where it is given, the disk is looked at only afterwards, as they do. */
  readonly inherited?: SettingsSnapshot | undefined;
  /** Told of all that comes in force. */
  readonly onTaken: (taken: SettingsSnapshot) => void;
}

/**
 * Settings in a file that may change while the server runs, with the policies in a team's own folders. What has
 * changed is made ready beside what is in force and takes its place at once; what cannot be used changes nothing.
 *
 * @throws UserError when they cannot be used at the start
 */
export async function watchedSettings(
  origin: SettingsOrigin,
  tools: SettingsTools,
  { retryMs = 10_000, lookMs = tools.limits.loadMs + besidesLoadingMs, ...watching }: SettingsWatch = {},
  { inherited, onTaken }: SettingsRelay = { onTaken: () => undefined },
): Promise<SettingsSource> {
  const { logger, metrics, now } = tools;
  const first = await lookAtDisk(origin, undefined);
  const begun = await begin(first, inherited, origin, tools);
  let { file, seen, present } = begun;
  let problem: SettingsProblem | undefined;
  let retry = { at: Infinity, afterMs: retryMs };
  let closed = false;
  /** Those of earlier settings, which still answer what they were asked. */
  const retiring = new Set<Sandbox>();

  const fail = (error: unknown): void => {
    const isMistake = error instanceof UserError;
    const reasons = isMistake ? reasonsOf(error) : ['daygate failed on them: its log says where'];
    if (isMistake && error.code === 'policies') {
      retry = { at: performance.now() + retry.afterMs, afterMs: Math.min(2 * retry.afterMs, mostRetryMs) };
    }
    // The same mistake is said once, not at every look.
    if (problem?.reasons.join('\n') === reasons.join('\n')) return;
    problem = { since: now(), reasons };
    metrics.settingsReload('failed');
    const detail = isMistake ? {} : describeError(error);
    logger.error({ reasons, ...detail }, 'the settings cannot be used: those before them stay');
  };

  const replace = (next: SettingsInForce, ms: number): void => {
    const before = present;
    present = next;
    onTaken({ ...next.snapshot, seen });
    metrics.settingsReload('ok');
    showSettings(next, tools);
    const { settings, profiles } = next.compiled;
    logger.info(
      {
        settings: next.digest,
        profiles: [...profiles.keys()],
        enforcement: settings.enforcement,
        failurePolicy: settings.webhook.failurePolicy,
        ms: Math.round(ms),
      },
      'settings replaced',
    );
    if (next.webhooks !== before.webhooks) {
      const gone = [...before.compiled.profiles.keys()].filter((name) => !profiles.has(name));
      logger.warn(
        { webhooks: next.webhooks, before: before.webhooks, ...(gone.length === 0 ? {} : { gone }) },
        'the API server still asks as the earlier settings had it: apply what `daygate render` gives for these',
      );
    }
    const { sandbox } = before;
    if (sandbox === undefined) return;
    retiring.add(sandbox);
    void sandbox.retire().then(() => retiring.delete(sandbox));
  };

  const see = (): Promise<Look> => lookAtDisk({ ...origin, settings: file ?? origin.settings }, present);

  /** Whoever is given up changes nothing any more. */
  const look = async (isOver: () => boolean): Promise<void> => {
    try {
      const found = await see();
      if (isOver()) return;
      folders.follow(found.folders);
      const isNew = found.digest !== seen;
      if (!isNew && performance.now() < retry.at) return;
      seen = found.digest;
      retry = { at: Infinity, afterMs: isNew ? retryMs : retry.afterMs };
      const began = performance.now();
      const next = await load(found.settings).catch(asError);
      const isStill = (await see()).digest === found.digest;
      if (isOver() || !isStill) {
        if (!(next instanceof Error)) await next.sandbox?.close();
        if (isOver()) return;
        // Settings of before a change and policies of after it belong to nobody.
        seen = '';
        folders.soon();
      } else if (next instanceof Error) fail(next);
      else await take(next, performance.now() - began);
    } catch (error) {
      if (!isOver()) fail(error);
    }
  };

  /** A disk or a process that never answers must not keep later looks from being made. */
  const lookInTime = async (): Promise<void> => {
    let late = false;
    let limit: NodeJS.Timeout | undefined;
    const givenUp = new Promise<void>((resolve) => {
      limit = setTimeout(() => {
        late = true;
        const seconds = lookMs / 1000;
        const words = `reading and loading what is on the disk was given up after ${seconds} seconds: it is tried again`;
        if (!closed) fail(new UserError('policies', words));
        resolve();
      }, lookMs).unref();
    });
    await Promise.race([look(() => late || closed), givenUp]);
    clearTimeout(limit);
  };

  const load = async (settings: Look['settings']): Promise<SettingsInForce> => {
    if (settings instanceof UserError) throw settings;
    const next = await loadSettings(settings, origin, tools);
    if (settings.text.trim() === '' && settings.file !== undefined && next.digest !== present.digest) {
      await next.sandbox?.close();
      // Valid, and says that all is as it ships; but while a server runs it is rather a file that is being written.
      throw new UserError('settings', `${settings.file}:1:1: is empty: for settings as they ship write {}`);
    }
    return next;
  };

  const take = async (next: SettingsInForce, ms: number): Promise<void> => {
    ({ file } = next.snapshot);
    if (next.digest === present.digest) await next.sandbox?.close();
    else replace(next, ms);
    if (problem === undefined) return;
    problem = undefined;
    metrics.settingsReload('healed');
    logger.info({ settings: present.digest }, 'the settings on the disk are in force again');
  };

  const folders = watchFolders(oneAfterTheOther(lookInTime), { settleMs, ...watching });
  folders.follow(first.folders);
  // What has changed while they were loaded was not announced.
  folders.soon();
  showSettings(present, tools);
  onTaken({ ...present.snapshot, seen });
  return {
    current: () => present,
    file: () => file,
    problem: () => problem,
    close: async () => {
      closed = true;
      folders.close();
      const running = present.sandbox === undefined ? retiring : [...retiring, present.sandbox];
      await Promise.all([...running].map((sandbox) => sandbox.close()));
    },
  };
}

interface Begun {
  readonly present: SettingsInForce;
  readonly file: string | undefined;
  /** The digest of what `present` was read from; none where that was not the disk. */
  readonly seen: string;
}

async function begin(
  { settings, digest }: Look,
  inherited: SettingsSnapshot | undefined,
  origin: SettingsOrigin,
  tools: SettingsTools,
): Promise<Begun> {
  if (inherited !== undefined) {
    try {
      const present = await loadSettings(inherited, origin, tools);
      return { present, file: inherited.file, seen: inherited.seen === digest ? digest : '' };
    } catch (error) {
      tools.logger.warn(
        describeError(error),
        'the settings of the other workers cannot be used: those on the disk are',
      );
    }
  }
  if (settings instanceof UserError) throw settings;
  return { present: await loadSettings(settings, origin, tools), file: settings.file, seen: digest };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Runs it when asked; asked while it runs, once more afterwards. */
function oneAfterTheOther(run: () => Promise<void>): () => void {
  let [running, again] = [false, false];
  const ask = (): void => {
    again = running;
    if (running) return;
    running = true;
    void run().finally(() => {
      running = false;
      if (again) ask();
    });
  };
  return ask;
}

function reasonsOf({ message }: UserError): readonly string[] {
  const lines = message.split('\n').map((line) => printable(line, 600));
  const rest = lines.length - mostReasons;
  return rest <= 0 ? lines : [...lines.slice(0, mostReasons), `and ${rest} more`];
}
