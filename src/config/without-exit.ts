import { PolicyFault } from '../engine/policy-fault.ts';

const exit = process.exit.bind(process);

/**
 * Runs what may run a team's code: `process.exit` is a fault there, since the process would end with 0, having said
 * nothing of all that was found.
 *
 * @throws PolicyFault where it is called
 */
export function withoutExit<T>(run: () => T): T {
  process.exit = () => {
    throw new PolicyFault('called process.exit');
  };
  const restore = (): void => {
    process.exit = exit;
  };
  let isPending = false;
  try {
    const result = run();
    if (!(result instanceof Promise)) return result;
    isPending = true;
    return result.finally(restore) as T;
  } finally {
    if (!isPending) restore();
  }
}
