import { nearest } from '../engine/nearest.ts';
import { UserError } from '../errors.ts';

/**
 * The value, where it is one of those that are known.
 *
 * @throws UserError `usage`, with the one that was probably meant
 */
export function oneOf<T extends string>(what: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw new UserError(
    'usage',
    `there is no ${what} ${given}${nearest(given, known)} (known: ${known.join(', ')})`,
  );
}
