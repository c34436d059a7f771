import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { codeOf } from '../../errors.ts';
import { withCleanUp } from './clean-up.ts';

/** What became of a program that renders. */
export type Run =
  | { readonly outcome: 'done'; readonly output: Uint8Array; readonly complaints: string }
  /** It ended with an error, in its own words. */
  | { readonly outcome: 'failed'; readonly complaints: string }
  /** It had to be ended. */
  | { readonly outcome: 'stopped'; readonly reason: string }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'unusable'; readonly reason: string };

export interface RunLimits {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** An umbrella chart of hundreds of objects renders in seconds; what is read of a file ends at 32 MiB too. */
const defaultLimits: RunLimits = { seconds: 120, mebibytes: 32 };
const longestComplaint = 64 * 1024;

type Renderer = ChildProcessByStdio<null, Readable, Readable>;

/** Runs a program without a shell, with nothing on its standard input. Never throws. */
export async function runRenderer(
  command: string,
  args: readonly string[],
  limits = defaultLimits,
): Promise<Run> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  return withCleanUp(
    // It may have something of its own to take away.
    () => child.kill(),
    () => outcomeOf(child, limits),
  );
}

function outcomeOf(child: Renderer, limits: RunLimits): Promise<Run> {
  return new Promise((resolve) => {
    const output: Uint8Array[] = [];
    let size = 0;
    let complaints = '';
    const end = (run: Run): void => {
      clearTimeout(timer);
      // Whatever it started may hold the pipes open: nobody waits for that.
      child.stdout.destroy();
      child.stderr.destroy();
      child.kill('SIGKILL');
      resolve(run);
    };
    const timer = setTimeout(() => {
      end({ outcome: 'stopped', reason: `no result within ${limits.seconds} seconds` });
    }, limits.seconds * 1000);
    child.once('error', (error) => {
      const isMissing = codeOf(error) === 'ENOENT';
      end(isMissing ? { outcome: 'missing' } : { outcome: 'unusable', reason: error.message });
    });
    child.stdout.on('data', (chunk: Uint8Array) => {
      output.push(chunk);
      size += chunk.length;
      if (size <= limits.mebibytes * 1024 * 1024) return;
      end({ outcome: 'stopped', reason: `the result is larger than ${limits.mebibytes} MiB` });
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaints = (complaints + chunk).slice(0, longestComplaint);
    });
    child.once('close', (code, signal) => {
      if (code === 0) {
        end({ outcome: 'done', output: Buffer.concat(output), complaints });
        return;
      }
      const reason = signal === null ? `ended with code ${code ?? '?'}` : `was ended by ${signal}`;
      end({ outcome: 'failed', complaints: complaints.trim() === '' ? reason : complaints });
    });
  });
}
