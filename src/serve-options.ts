import { writeFileSync } from 'node:fs';
import { fileProblem, UserError } from './errors.ts';
import type { LogLevel } from './log/log.ts';
import type { ServeOptions } from './serve-command.ts';

const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export function logLevelOf({ logLevel }: ServeOptions): LogLevel {
  const level = logLevels.find((known) => known === logLevel);
  if (level !== undefined) return level;
  throw new UserError('usage', `--log-level ${logLevel}: expected one of ${logLevels.join(', ')}`);
}

export function drainSecondsOf({ drainSeconds }: ServeOptions): number {
  return wholeNumber('--drain-seconds', drainSeconds, 3_600);
}

export function wholeNumber(flag: string, text: string, most: number): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new UserError('usage', `${flag} ${text}: expected a whole number up to ${most}`);
}

/** Writes the CA of this run where --ca-out asks for it; nothing serves on where that cannot be done. */
export async function writeCa(
  { caOut }: ServeOptions,
  caPem: string | undefined,
  close: () => Promise<void>,
): Promise<void> {
  if (caOut === undefined || caPem === undefined) return;
  try {
    writeFileSync(caOut, caPem);
  } catch (error) {
    await close();
    throw new UserError('unreadable', `--ca-out ${caOut}: ${fileProblem(error)}`, caOut);
  }
}
