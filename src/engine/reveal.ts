import type { Reported } from './compiled.ts';

/** The credential a finding is about. A policy of a team may pass anything as a secret; it must not cost the finding. */
export function reveal({ secret }: Reported): string | undefined {
  if (typeof secret !== 'function') return undefined;
  try {
    const text: unknown = secret();
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
