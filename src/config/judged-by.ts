import { createHash } from 'node:crypto';
import type { Compiled, Entry } from '../engine/compiled.ts';

/**
 * Which policies judge by which parameters in these profiles: profile → id → digest. With the same digest a policy finds
 * the same, whatever its action.
 */
export function judgedBy(
  { profiles }: Compiled,
  names: Iterable<string>,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(
    [...new Set(names)].sort().map((name) => {
      const entries = profiles.get(name)?.entries ?? [];
      return [
        name,
        Object.fromEntries(entries.map((entry) => [entry.policy.id, parametersDigest(entry)]).sort()),
      ];
    }),
  );
}

export function parametersDigest({ params }: Entry): string {
  return createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 12);
}
