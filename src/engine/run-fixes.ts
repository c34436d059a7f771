import type { Compiled, Entry, Plan, RawFinding } from './compiled.ts';
import { edit, fixable, type Edited, type IsLeftAlone } from './edit.ts';
import { evaluate } from './evaluate.ts';
import type { PatchOperation } from './json-patch.ts';
import { jsonPointer } from './locate.ts';
import { onlyEntry } from './plans.ts';
import type { Review } from './review.ts';
import type { AnySubject } from './subjects.ts';

export interface FixResult {
  /** The edits, in the order in which they apply to the review's object. */
  readonly patch: readonly PatchOperation[];
  /** Policies whose fix is in the patch. */
  readonly applied: readonly string[];
  /** Policies whose fix did not apply or did not resolve its finding. */
  readonly dropped: readonly { readonly policy: string; readonly reason: string }[];
  /** The object with the patch applied. */
  readonly object: Review['object'];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const mostPasses = 4;

/**
 * Runs the fixes of all entries of a plan. Each policy's edits are recorded on the result of those before it, applied to
 * the object and judged again: edits that do not resolve what they promise are dropped and named.
 */
export function runFixes(
  compiled: Compiled,
  plan: Plan,
  review: Review,
  isLeftAlone?: IsLeftAlone,
): FixResult {
  const fixing: Fixing = {
    find: (own, present) =>
      fixable(evaluate(compiled, own, present).findings).filter(
        ({ entry, at }) => isLeftAlone?.(entry.policy.id, at) !== true,
      ),
    isLeftAlone,
  };
  const result: Mutable<FixResult> = { patch: [], applied: [], dropped: [], object: review.object };
  const dropped = new Map<string, string>();
  // One fix can make room for another: without `privileged` there is an escalation to forbid. Each pass resolves
  // what it touches, so few are needed; the bound is for policies that undo each other's edits.
  for (let pass = 0; pass < mostPasses; pass++) {
    const judged = result.object;
    const findings = fixing.find(plan, { ...review, object: judged });
    const entries = new Set(findings.map(({ entry }) => entry));
    const before = result.patch.length;
    for (const entry of entries) {
      const ownPlan = onlyEntry(plan, entry);
      const present = { ...review, object: result.object };
      const own =
        result.object === judged
          ? findings.filter((finding) => finding.entry === entry)
          : fixing.find(ownPlan, present);
      const fixed = fixOne(fixing, ownPlan, present, entry, own);
      // What did not help in one pass may help once another policy has made room.
      if (fixed.reason === undefined) dropped.delete(entry.policy.id);
      else dropped.set(entry.policy.id, fixed.reason);
      if (fixed.patch.length === 0) continue;
      result.object = fixed.object;
      result.patch = [...result.patch, ...fixed.patch];
      result.applied = [...new Set([...result.applied, entry.policy.id])];
    }
    if (result.patch.length === before) break;
  }
  return { ...result, dropped: [...dropped].map(([policy, reason]) => ({ policy, reason })) };
}

interface Fixing {
  /** What is there to be fixed. */
  readonly find: (plan: Plan, review: Review) => readonly RawFinding[];
  readonly isLeftAlone: IsLeftAlone | undefined;
}

interface Fixed extends Edited {
  /** Why some of the policy's findings are left. */
  readonly reason?: string;
}

/** Fixes every subject of one policy that can be fixed: one with nothing right to write does not hold up the rest. */
function fixOne(
  { find, isLeftAlone }: Fixing,
  plan: Plan,
  review: Review,
  entry: Entry,
  before: readonly RawFinding[],
): Fixed {
  const nothing = { patch: [], object: review.object };
  const place = (subject: AnySubject): string => jsonPointer(subject.at());
  let subjects = [...new Map(before.map(({ subject }) => [place(subject), subject])).values()];
  let reason: string | undefined;
  while (subjects.length > 0) {
    const fixed = edit(review.object, entry, subjects, isLeftAlone);
    if (typeof fixed === 'string') return { ...nothing, reason: fixed };
    const after = find(plan, { ...review, object: fixed.object });
    if (after.length === 0) return reason === undefined ? fixed : { ...fixed, reason };
    const left = new Set(after.map(({ subject }) => place(subject)));
    const resolved = subjects.filter((subject) => !left.has(place(subject)));
    if (resolved.length === subjects.length) return reason === undefined ? fixed : { ...fixed, reason };
    reason = 'its fix did not resolve the finding';
    subjects = resolved;
  }
  return reason === undefined ? nothing : { ...nothing, reason };
}
