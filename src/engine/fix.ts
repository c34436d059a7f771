import type { Compiled, Entry, Plan, RawFinding } from './compiled.ts';
import { edit, fixable, type Edited } from './edit.ts';
import { evaluate } from './evaluate.ts';
import { inForce } from './exceptions.ts';
import { choosePlan, exceptionsOf } from './judge.ts';
import { jsonPointer } from './locate.ts';
import type { PatchOperation } from './json-patch.ts';
import { narrowPlan, onlyEntry } from './plans.ts';
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

/**
 * Which fixes run: those that settings let admission apply; the safe ones and those whose values are set; or the
 * suggestions as well.
 */
export type FixScope = 'admission' | 'manifests' | 'all';

/**
 * Computes the patch for a review. Each policy's edits are recorded on the result of those before it, applied to
 * the object and judged again: edits that do not resolve what they promise are dropped and named. At admission
 * pod fixes touch only Pods that are being created, because a workload's template belongs to its source and the
 * spec of a running pod cannot change.
 *
 * @param only ids of the policies whose fixes run; all, if they are not named
 */
export function fixReview(
  compiled: Compiled,
  review: Review,
  scope: FixScope,
  only?: readonly string[],
): FixResult {
  const none: FixResult = { patch: [], applied: [], dropped: [], object: review.object };
  const chosen = choosePlan(compiled, review);
  if (typeof chosen === 'string') return none;
  const fixes = withoutExcepted(compiled, onlyFixes(chosen, review, scope), review);
  const plan = only === undefined ? fixes : narrowPlan(fixes, ({ policy }) => only.includes(policy.id));
  if (plan.empty) return none;
  const result: Mutable<FixResult> = { ...none };
  const dropped = new Map<string, string>();
  // One fix can make room for another: without `privileged` there is an escalation to forbid. Each pass resolves
  // what it touches, so few are needed; the bound is for policies that undo each other's edits.
  for (let pass = 0; pass < mostPasses; pass++) {
    const judged = result.object;
    const findings = fixable(evaluate(compiled, plan, { ...review, object: judged }).findings);
    const entries = new Set(findings.map(({ entry }) => entry));
    const before = result.patch.length;
    for (const entry of entries) {
      const ownPlan = onlyEntry(plan, entry);
      const present = { ...review, object: result.object };
      const own =
        result.object === judged
          ? findings.filter((finding) => finding.entry === entry)
          : fixable(evaluate(compiled, ownPlan, present).findings);
      const fixed = fixOne(compiled, ownPlan, present, entry, own);
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

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const mostPasses = 4;

interface Fixed extends Edited {
  /** Why some of the policy's findings are left. */
  readonly reason?: string;
}

/** Fixes every subject of one policy that can be fixed: one with nothing right to write does not hold up the rest. */
function fixOne(
  compiled: Compiled,
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
    const fixed = edit(review.object, entry, subjects);
    if (typeof fixed === 'string') return { ...nothing, reason: fixed };
    const after = fixable(evaluate(compiled, plan, { ...review, object: fixed.object }).findings);
    if (after.length === 0) return reason === undefined ? fixed : { ...fixed, reason };
    const left = new Set(after.map(({ subject }) => place(subject)));
    const resolved = subjects.filter((subject) => !left.has(place(subject)));
    if (resolved.length === subjects.length) return reason === undefined ? fixed : { ...fixed, reason };
    reason = 'its fix did not resolve the finding';
    subjects = resolved;
  }
  return reason === undefined ? nothing : { ...nothing, reason };
}

/** Who has an exception is left alone: its finding is allowed to be there. */
function withoutExcepted(compiled: Compiled, plan: Plan, review: Review): Plan {
  if (compiled.exceptions.length === 0) return plan;
  const exceptions = exceptionsOf(compiled, review);
  return narrowPlan(plan, ({ policy }) => inForce(exceptions(policy.id), review.now) === undefined);
}

/** Plans are kept per profile and kind, so what fixes of a plan look like is worked out once. */
const fixPlans = new WeakMap<Plan, Plan>();

function onlyFixes(plan: Plan, review: Review, scope: FixScope): Plan {
  if (scope !== 'admission') {
    return narrowPlan(
      plan,
      ({ fixable: messages, policy }) =>
        messages.size > 0 && (scope === 'all' || policy.fix?.safety !== 'suggestion'),
    );
  }
  const known = fixPlans.get(plan);
  if (known !== undefined) return known;
  const createsPod = plan.kind.kind === 'Pod' && review.operation === 'CREATE';
  const fixes = narrowPlan(plan, ({ policy, fixOnAdmission }) => {
    const ofPods = policy.target === 'container' || policy.target === 'podSpec';
    return fixOnAdmission && (!ofPods || createsPod);
  });
  fixPlans.set(plan, fixes);
  return fixes;
}
