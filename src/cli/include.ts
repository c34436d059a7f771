import { oneOf } from './one-of.ts';

/** What a report may hold beside findings. */
export const includable = ['pass'] as const;

/** Whether a report is to hold passes. @throws UserError `usage` for what no report can hold */
export function includesPasses(given: readonly string[] = []): boolean {
  for (const one of given.flatMap((text) => text.split(','))) oneOf('--include', one, includable);
  return given.length > 0;
}
