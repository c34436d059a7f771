import { create, type Draft } from 'mutative';
import { isRecord, type Path } from '#sdk';
import type { Compiled, Entry, Plan, RawFinding } from './compiled.ts';
import { evaluate } from './evaluate.ts';
import { inForce } from './exceptions.ts';
import { choosePlan, exceptionsOf } from './judge.ts';
import { jsonPointer, locator } from './locate.ts';
import { applyPatch, type PatchOperation } from './json-patch.ts';
import { narrowPlan } from './plans.ts';
import type { Review } from './review.ts';
import { demandDone, describeFault } from './policy-fault.ts';
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

const patchOptions = { enablePatches: { pathAsArray: false, arrayLengthAssignment: false } } as const;

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

/** The edits that would resolve one finding, for a reader to look at. */
export interface Suggestion {
  readonly policy: string;
  readonly at: Path;
  /** The object with the edits. */
  readonly object: Review['object'];
}

/** Each takes time in proportion to the object: a pod of thousands of containers would take minutes. */
const mostSuggestions = 100;

/**
 * What policies suggest for their findings on the review's object: as little of their edits as resolves the finding;
 * what resolves nothing is left out, and so is what comes after the first hundred findings.
 */
export function suggestEdits(compiled: Compiled, review: Review): readonly Suggestion[] {
  const chosen = choosePlan(compiled, review);
  if (typeof chosen === 'string') return [];
  const plan = narrowPlan(chosen, ({ policy }) => policy.fix?.safety === 'suggestion');
  if (plan.empty) return [];
  const findings = fixable(evaluate(compiled, plan, review).findings).slice(0, mostSuggestions);
  const editsOf = new Map<string, Fixed | string>();
  return findings.flatMap((finding) => {
    const { entry, subject, at } = finding;
    const key = `${entry.policy.id} ${jsonPointer(subject.at())}`;
    const edited = editsOf.get(key) ?? edit(review.object, entry, [subject]);
    editsOf.set(key, edited);
    if (typeof edited === 'string' || edited.patch.length === 0) return [];
    const ownPlan = onlyEntry(plan, entry);
    const resolves = (object: Review['object']): boolean => {
      const left = fixable(evaluate(compiled, ownPlan, { ...review, object }).findings);
      const place = locator(review.object, at);
      return !left.some((one) => one.message === finding.message && locator(object, one.at) === place);
    };
    const object = narrowings(at, review.object, edited.object).find(resolves);
    return object === undefined ? [] : [{ policy: entry.policy.id, at, object }];
  });
}

/**
 * The object with fewer and with more of the edits: those of a field and of names beside it, all that are in its table or
 * list, all.
 */
function narrowings(
  at: Path,
  before: Review['object'],
  after: Review['object'],
): readonly Review['object'][] {
  const parent = aboveShifts(at.slice(0, -1), before, after);
  const read = (root: unknown): unknown =>
    parent.reduce<unknown>(
      (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
      root,
    );
  const [old, value] = [read(before), read(after)];
  if (parent.length === 0 || old === undefined || value === undefined || value === old) return [after];
  const only = (present: unknown): Review['object'] =>
    applyPatch(before, [{ op: 'replace', path: jsonPointer(parent), value: present }]);
  if (!isRecord(old) || !isRecord(value)) return [only(value), after];
  const entries = Object.entries(value).map(([key, own]) =>
    key !== at.at(-1) && Object.hasOwn(old, key) ? [key, old[key]] : [key, own],
  );
  return [only(Object.fromEntries(entries)), only(value), after];
}

/** The path, up to a list that items came to or went from: below it, the same index is another item. */
function aboveShifts(path: Path, before: unknown, after: unknown): Path {
  let [old, value] = [before, after];
  for (const [depth, step] of path.entries()) {
    if (Array.isArray(old) && Array.isArray(value) && old.length !== value.length)
      return path.slice(0, depth);
    old = (old as Record<string | number, unknown> | undefined)?.[step];
    value = (value as Record<string | number, unknown> | undefined)?.[step];
  }
  return path;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const mostPasses = 4;

function fixable(findings: readonly RawFinding[]): readonly RawFinding[] {
  return findings.filter(({ entry, message }) => entry.fixable.has(message));
}

interface Fixed {
  readonly patch: readonly PatchOperation[];
  readonly object: Review['object'];
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

function edit(
  object: Review['object'],
  { policy, params }: Entry,
  subjects: readonly AnySubject[],
): Fixed | string {
  try {
    const [, patches] = create(
      object,
      (draft) => {
        for (const subject of subjects) {
          demandDone('fix.apply', policy.fix?.apply(follow(draft, subject.at()), { params, subject }));
        }
      },
      patchOptions,
    );
    const patch = patches as unknown as readonly PatchOperation[];
    // Applied as the API server will, so that what is judged again is what it will store.
    return { patch, object: applyPatch(object, patch) };
  } catch (error) {
    return `its fix ${describeFault(error)}`;
  }
}

function follow(draft: Draft<unknown>, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], draft);
}

function onlyEntry(plan: Plan, entry: Entry): Plan {
  return narrowPlan(plan, (candidate) => candidate === entry);
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
