import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import { defaultSettingsFile } from '../config/default-file.ts';
import { besideSettings, readSettings } from '../config/settings-file.ts';
import { messageOf, UserError } from '../errors.ts';
import { formats } from '../report/format-names.ts';
import { oneLine } from '../report/one-line.ts';
import type { CheckOptions } from './check.ts';
import { exclusion, nothingExcluded, type Exclusion } from './exclusion.ts';
import { findInputs } from './inputs.ts';
import { brokenPipe, type Io } from './io.ts';
import { parseOutputs } from './output.ts';
import { kustomizationFile, readKustomizeTree } from './rendered/kustomizations.ts';

export interface WatchOptions extends CheckOptions {
  readonly policies?: readonly string[];
}

/** Runs the same command line once more, without `--watch`: afresh, so that policies are loaded as they are now. */
export type RunOnce = (signal: AbortSignal) => Promise<number>;

const debounceMs = 100;

/**
 * Judges again whenever something changes that a verdict follows from, one run after the other, until a signal.
 *
 * @throws UserError for what cannot be watched, or would set itself off
 */
export async function watchCheck(
  paths: readonly string[],
  options: WatchOptions,
  runOnce: RunOnce,
  io: Io,
): Promise<number> {
  refuseUnwatchable(paths, options);
  const outputs = parseOutputs(options.output ?? [], formats, []);
  const written = new Set(outputs.flatMap(({ file }) => (file === undefined ? [] : [resolve(file)])));
  let watched = await findWatched(paths, options, io);
  const watcher = watchFiles([...watched.places], {
    ignoreInitial: true,
    ignored: (path) => /[\\/](?:node_modules|\.git)(?:[\\/]|$)/.test(path) || written.has(resolve(path)),
  });
  const ended = new AbortController();
  try {
    return await new Promise((done, fail) => {
      let timer: NodeJS.Timeout | undefined;
      let running = false;
      const changed = new Set<string>();
      const end = (code: number): void => {
        clearTimeout(timer);
        ended.abort();
        done(code);
      };
      const run = async (): Promise<void> => {
        running = true;
        changed.clear();
        const code = await runOnce(ended.signal);
        running = false;
        if (ended.signal.aborted) return;
        // Nobody reads it any more.
        if (code === brokenPipe) {
          end(code);
          return;
        }
        // What settings and kustomizations name may have changed.
        watched = await findWatched(paths, options, io);
        watcher.add([...watched.places]);
        io.err('Watching for changes; Ctrl-C ends.\n');
        if (changed.size > 0) schedule();
      };
      const schedule = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          if (running) return;
          io.clearScreen?.();
          const [first = '', ...others] = changed;
          io.err(
            `${oneLine(first)}${others.length === 0 ? ' has' : ` and ${others.length} more have`} changed.\n`,
          );
          run().catch(fail);
        }, debounceMs);
      };
      const leave = (_name: NodeJS.Signals, number: number): void => end(128 + number);
      process.once('SIGINT', leave);
      process.once('SIGTERM', leave);
      watcher.on('error', (error) => {
        const hint = /ENOSPC|EMFILE/.test(messageOf(error))
          ? ' (the system watches no more files: name fewer)'
          : '';
        fail(new UserError('unreadable', `--watch: ${messageOf(error)}${hint}`));
      });
      watcher.on('all', (_event, path) => {
        if (watched.isLeftOut(path)) return;
        changed.add(path);
        if (!running) schedule();
      });
      watcher.once('ready', () => void run().catch(fail));
    });
  } finally {
    ended.abort();
    await watcher.close();
  }
}

function refuseUnwatchable(paths: readonly string[], { filename = [], writeBaseline }: WatchOptions): void {
  if ([...paths, ...filename].includes('-'))
    throw new UserError('usage', '--watch: standard input does not change: name files or folders');
  if (writeBaseline !== undefined)
    throw new UserError(
      'usage',
      '--watch: --write-baseline would accept whatever you type: run it once without',
    );
}

interface Watched {
  readonly places: ReadonlySet<string>;
  /** Whether a file below them is excluded, and no part of what is rendered either. */
  readonly isLeftOut: (path: string) => boolean;
}

/** Manifests and all that a verdict on them follows from: settings, policies, definitions, values, bases. */
async function findWatched(paths: readonly string[], options: WatchOptions, io: Io): Promise<Watched> {
  const { filename = [], kustomize = [], crds = [], policies = [], baseline, settings } = options;
  const named = [...paths, ...filename];
  const { places: ofSettings, exclusionOf } = await readFromSettings(options);
  const { charts, kustomizations } = await findInputs(named, io, 'rendered', exclusionOf);
  const others = [
    ...kustomize,
    ...crds,
    ...policies,
    ...(baseline === undefined ? [] : [baseline]),
    settings ?? defaultSettingsFile,
    ...ofSettings,
    ...basesOf([...kustomize, ...kustomizations]),
  ];
  const used = [...charts, ...others].map((place) => resolve(place));
  return {
    places: new Set([...named.map(withoutPattern), ...others]),
    isLeftOut: (path) => {
      const whole = resolve(path);
      const isUsed = used.some((place) => whole === place || whole.startsWith(join(place, sep)));
      return !isUsed && exclusionOf(path) !== undefined;
    },
  };
}

/** Of `deploy/*.yaml`, the folder. */
function withoutPattern(path: string): string {
  if (existsSync(path)) return path;
  const at = path.search(/[*?{}[\]!()]/);
  return at === -1 ? path : dirname(`${path.slice(0, at)}x`);
}

async function readFromSettings({
  settings: named,
  exclude = [],
}: WatchOptions): Promise<{ readonly places: readonly string[]; readonly exclusionOf: Exclusion }> {
  try {
    const read = await readSettings(named);
    const { policyFolders, crds, render } = read.settings;
    const ofRender = render.flatMap(({ chart, kustomize, values = [] }) => [
      ...(chart === undefined ? [] : [chart]),
      ...(kustomize === undefined ? [] : [kustomize]),
      ...[values].flat(2),
    ]);
    return {
      places: [...policyFolders, ...crds, ...ofRender].map((path) => besideSettings(read.file, path)),
      exclusionOf: exclusion(read, exclude),
    };
  } catch {
    // The run says what is wrong with them; they are watched until they are mended.
    return { places: [], exclusionOf: nothingExcluded };
  }
}

/** What Kustomize folders build on, which may lie elsewhere. */
function basesOf(folders: readonly string[]): ReadonlySet<string> {
  const found = new Set(folders);
  // A set that grows while it is walked is walked to its new end.
  for (const folder of found) {
    const file = kustomizationFile(folder);
    if (file === undefined) continue;
    const { resources, pieces } = readKustomizeTree([file]);
    for (const place of [...resources, ...pieces]) if (existsSync(place)) found.add(place);
  }
  return found;
}
