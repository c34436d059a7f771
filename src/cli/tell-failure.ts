import { CommanderError } from 'commander';
import { redact } from '#sdk';
import { errorCodes, messageOf, UserError } from '../errors.ts';
import { oneLine } from '../report/one-line.ts';
import type { Io } from './io.ts';

/** Says why a command ended early, where that is not said yet; returns the exit code. */
export function tellFailure(error: unknown, io: Pick<Io, 'err'>): number {
  if (error instanceof UserError) {
    // One message may have several lines; names of files in it do what they like.
    io.err(`daygate: ${error.message.split('\n').map(oneLine).join('\n')}\n`);
    return errorCodes[error.code].exit;
  }
  // commander has already printed its message; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : errorCodes.usage.exit;
  // Nobody knows what the words of an unexpected error quote.
  const told = redact(error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
  io.err(`daygate: a fault of daygate, please report it: ${told}\n`);
  return errorCodes.internal.exit;
}
