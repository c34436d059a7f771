import { z } from 'zod';

/**
 * A parameter of names, each of which may end in `*` for all that begin with it.
 *
 * @example
 * params: z.strictObject({ namespaces: namePatterns.default([]).describe('Namespaces in which …') })
 */
export const namePatterns = z.array(
  z.string().regex(/^(?:[^*]+\*?|\*)$/, 'expected a name, or the beginning of one followed by *'),
);

/**
 * Whether a name is among names that may end in `*`. Never throws.
 *
 * @example
 * matchesName('prod-eu', ['shop', 'prod-*']); // true
 */
export function matchesName(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}
