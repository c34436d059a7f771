import { describeFault } from '../engine/policy-fault.ts';
import { errorCodes } from '../errors.ts';

let isListening = false;

/**
 * Names what a team's policy left behind and what failed when nobody waited for it any more: a promise, a timer. Node
 * would print a stack, which may quote the object, and choose an exit code of its own.
 */
export function nameStrayFailures(tell: (text: string) => void): void {
  if (isListening) return;
  isListening = true;
  const told = new Set<string>();
  const name = (error: unknown): void => {
    const fault = describeFault(error);
    if (told.has(fault)) return;
    told.add(fault);
    tell(
      `daygate: a policy of your own left something running that ${fault}: validate has to be synchronous\n`,
    );
    process.once('exit', () => {
      process.exitCode = errorCodes['policy-failed'].exit;
    });
  };
  process.on('unhandledRejection', name);
  process.on('uncaughtException', name);
}
