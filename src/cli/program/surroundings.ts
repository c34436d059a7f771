import type { Policy } from '#sdk';
import type { ServeOptions } from '../../serve-options.ts';
import type { Io } from '../io.ts';
import type { StartThread } from '../threads/threads.ts';
import type { RunOnce } from '../watch.ts';

/** What the commands need of the process they run in. */
export interface Surroundings {
  readonly io: Io;
  readonly environment: NodeJS.ProcessEnv;
  /** The policies that ship with daygate. */
  readonly builtIn: () => Promise<readonly Policy[]>;
  readonly serve: (options: ServeOptions, builtIn: () => Promise<readonly Policy[]>) => Promise<void>;
  /** Runs `check` once more, as it was called, without --watch. */
  readonly runOnce: RunOnce;
  /** Starts a thread that judges by the policies that ship with daygate, and by no others. */
  readonly startThread?: StartThread;
  /** Takes the exit code. */
  readonly finish: (code: number) => void;
  /** What daygate was called as: `daygate`, or `kubectl daygate`. */
  readonly name: string;
}
