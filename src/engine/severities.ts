import type { Severity } from '#sdk';

/** The gravest first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Severity[];
