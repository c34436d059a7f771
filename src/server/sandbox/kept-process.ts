import type { Settings } from '../../engine/settings.ts';
import { UserError } from '../../errors.ts';
import { describeError, type Logger } from '../../log/log.ts';
import type { Limits } from '../limits.ts';
import { kinds, type Frame, type SandboxSetup } from './frames.ts';
import { loadedSchema, type Loaded } from './loaded-policies.ts';
import { startProcess, type Crash, type SandboxProcess } from './process.ts';

/** A process that runs policies; where it ends, the next one with the same policies takes its place. */
interface KeptProcess extends Pick<SandboxProcess, 'ask' | 'cpuMs'> {
  readonly pid: () => number | undefined;
  /** What it has loaded. Where the settings do not fit that, it is closed already. Rejects with a UserError. */
  readonly loaded: Promise<Loaded>;
  readonly state: () => 'starting' | 'ready' | 'closed';
  /** Whether so many in a row have not started that nobody is kept waiting for the next. */
  readonly isDown: () => boolean;
  /** Ends the present one at once, whatever it is doing. */
  kill(): void;
  /** Ends it for good. */
  close(): Promise<void>;
}

export interface KeptProcessOptions {
  readonly folders: readonly string[];
  readonly settings: Settings;
  /** Ids of the policies that ship with daygate. */
  readonly builtIn: readonly string[];
  /** What an earlier sandbox has told of the same policies: they are not read from the disk again. */
  readonly loaded?: Loaded | undefined;
  readonly limits: Pick<Limits, 'loadMs'>;
  readonly logger: Logger;
}

interface ProcessListener {
  readonly onReady: () => void;
  /** What the process says of the reviews it was asked about. */
  readonly onFrame: (frame: Frame) => void;
  /** Called before the next process is started. */
  readonly onExit: (crash: Crash) => void;
  /** Called whenever another one has not started, once it is down. */
  readonly onDown: () => void;
}

const restartMs = 1_000;
const mostFailedStarts = 3;

/** @throws UserError `policies` where the system starts no process */
export function keepProcess(options: KeptProcessOptions, listener: ProcessListener): KeptProcess {
  const { settings, logger, folders, builtIn } = options;
  const { loadMs } = options.limits;
  const { heapMegabytes } = settings.sandbox;
  let { loaded } = options;
  let setup: SandboxSetup = { folders, settings, builtIn, modules: loaded?.modules };
  let state: 'starting' | 'ready' | 'closed' = 'starting';
  /** What the present process loads. */
  let loading = '';
  /** Processes that have not started since the last one that did. */
  let failedStarts = 0;
  const first = Promise.withResolvers<Loaded>();

  const isDown = (): boolean => failedStarts >= mostFailedStarts;

  const refuse = (problem: string): void =>
    first.reject(new UserError('policies', `policies ${loading}: ${problem}`));

  const launch = (): SandboxProcess => {
    state = 'starting';
    const started = performance.now();
    const launched = startProcess({
      setup,
      heapMegabytes,
      onFrame: (frame) => {
        if (frame.kind === kinds.ready) clearTimeout(limit);
        try {
          receive(frame);
        } catch (error) {
          // A policy that rewrites what JavaScript is made of can make nonsense of a report.
          logger.error(describeError(error), 'the sandbox cannot be understood');
          void launched.kill();
        }
      },
      onExit: (crash) => {
        clearTimeout(limit);
        if (state === 'closed') return;
        const early = state === 'starting';
        if (early) {
          refuse(
            crash === 'memory'
              ? `filled the memory of the sandbox (${heapMegabytes} MB) while it was loaded`
              : 'ended the process while it was loaded, or waits for what never comes',
          );
          if (loaded !== undefined) logger.error({ crash }, 'the sandbox cannot be started');
          failedStarts += 1;
        }
        state = 'starting';
        listener.onExit(crash);
        if (isDown()) listener.onDown();
        // One that cannot start is not tried in a circle.
        const pause = early ? Math.max(0, restartMs - (performance.now() - started)) : 0;
        if (pause === 0) relaunch();
        else setTimeout(relaunch, pause).unref();
      },
    });
    const limit = setTimeout(() => {
      refuse(
        `was not loaded within ${loadMs / 1000} seconds: what stands outside of validate must come to an end`,
      );
      void launched.kill();
    }, loadMs);
    return launched;
  };

  const relaunch = (): void => {
    if (state === 'closed') return;
    try {
      present = launch();
    } catch (error) {
      logger.error(describeError(error), 'the sandbox cannot be started');
      failedStarts += 1;
      if (isDown()) listener.onDown();
      setTimeout(relaunch, restartMs).unref();
    }
  };

  const receive = (frame: Frame): void => {
    const { kind, text } = frame;
    if (kind === kinds.ready) {
      state = 'ready';
      failedStarts = 0;
      if (loaded !== undefined) first.resolve(loaded);
      listener.onReady();
    } else if (kind === kinds.loading) {
      loading = text.toString('utf8');
    } else if (kind === kinds.loaded) {
      loaded = loadedSchema.parse(JSON.parse(text.toString('utf8')));
      // Another process, should this one end, loads the same, and not what lies on the disk by then.
      setup = { ...setup, modules: loaded.modules };
      if (loaded.problems.length > 0) {
        state = 'closed';
        first.resolve(loaded);
      }
    } else if (kind === kinds.unusable) {
      first.reject(new UserError('policies', text.toString('utf8')));
    } else {
      listener.onFrame(frame);
    }
  };

  let present = launch();
  return {
    pid: () => present.pid,
    loaded: first.promise,
    state: () => state,
    isDown,
    cpuMs: () => present.cpuMs(),
    ask: (question, body) => present.ask(question, body),
    kill: () => void present.kill(),
    close: async () => {
      state = 'closed';
      await present.kill();
    },
  };
}
