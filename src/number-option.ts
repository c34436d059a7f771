import { UserError } from './errors.ts';

/**
 * A whole number as the command line has it.
 *
 * @throws UserError `usage`
 */
export function numberOption(flag: string, text: string, least: number, most: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const range = least === 0 ? `up to ${most}` : `from ${least} to ${most}`;
  throw new UserError('usage', `${flag} ${text}: expected a whole number ${range}`);
}
