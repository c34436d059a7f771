import { standardInput } from '../inputs.ts';
import { identityKey, objectKey, type KnownFinding, type KnownObject } from './baseline-file.ts';

/** What a run has looked at, in the baseline's terms. */
export interface Seen {
  readonly findings: readonly Omit<KnownFinding, 'count'>[];
  readonly objects: readonly { readonly object: KnownObject; isJudgedBy(policy: string): boolean }[];
  /** Whether a policy was on for anything. */
  isOn(policy: string): boolean;
  /**
   * `judged`: it was read whole. `gone`: it is no longer there, and would have been read. `moved`: it is no longer
   * there, and might be anywhere. `elsewhere`: this run was not about it.
   */
  stateOf(file: string): 'judged' | 'gone' | 'moved' | 'elsewhere';
}

export interface BaselineMatch {
  /** For each finding whether the baseline lists it. */
  readonly known: readonly boolean[];
  /** What no longer occurs, and how often. */
  readonly stale: readonly KnownFinding[];
  /** What this run could not tell about. */
  readonly unseen: readonly KnownFinding[];
}

/**
 * Compares findings with a baseline. Each entry answers for as many findings as it counts: first in its own file, then,
 * where that no longer has them, in others. An entry of a file that still exists and was not read answers for no
 * other file: a copy is new.
 */
export function matchBaseline(entries: readonly KnownFinding[], seen: Seen): BaselineMatch {
  const left = entries.map(({ count }) => count);
  const own = new Map<string, number>();
  const movable = new Map<string, number[]>();
  for (const [index, entry] of entries.entries()) {
    const key = identityKey(entry);
    own.set(`${entry.object.file}\u0000${key}`, index);
    if (seen.stateOf(entry.object.file) === 'elsewhere') continue;
    const others = movable.get(key);
    if (others === undefined) movable.set(key, [index]);
    else others.push(index);
  }
  const take = (index: number | undefined): boolean => {
    const count = index === undefined ? 0 : (left[index] ?? 0);
    if (index === undefined || count === 0) return false;
    left[index] = count - 1;
    return true;
  };
  const inPlace = seen.findings.map((finding) =>
    take(own.get(`${finding.object.file}\u0000${identityKey(finding)}`)),
  );
  const known = seen.findings.map(
    (finding, index) =>
      inPlace[index] === true ||
      take(movable.get(identityKey(finding))?.find((candidate) => (left[candidate] ?? 0) > 0)),
  );
  const rest = entries
    .map((entry, index) => ({ ...entry, count: left[index] ?? 0 }))
    .filter(({ count }) => count > 0);
  const isStale = staleness(seen);
  return {
    known,
    stale: rest.filter(isStale),
    unseen: rest.filter((entry) => !isStale(entry)),
  };
}

/** Whether this run can tell that a finding no longer occurs: it looked there, with that policy. */
function staleness(seen: Seen): (entry: KnownFinding) => boolean {
  const objects = Map.groupBy(seen.objects, ({ object }) => objectKey(object));
  return ({ object, policy }) => {
    const state = seen.stateOf(object.file);
    if (state === 'elsewhere' || state === 'moved') return false;
    const same = objects.get(objectKey(object)) ?? [];
    const here = same.filter((candidate) => candidate.object.file === object.file);
    const judged = here.length > 0 ? here : same;
    return judged.length > 0
      ? judged.some((candidate) => candidate.isJudgedBy(policy))
      : // Standard input may hold anything: what is not in it may be in the next.
        seen.isOn(policy) && object.file !== standardInput;
  };
}
