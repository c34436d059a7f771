import { isRecord, type Path } from '#sdk';
import type { Compiled, Plan } from './compiled.ts';
import { evaluate } from './evaluate.ts';
import { inForce } from './exceptions.ts';
import { choosePlan, exceptionsOf } from './judge.ts';
import { jsonPointer, locator } from './locate.ts';
import { applyPatch } from './json-patch.ts';
import type { Review } from './review.ts';
import { edit, fixable, narrow, onlyEntry, runFixes, type Fixed, type FixResult } from './run-fixes.ts';
import { namespaceOf } from './subjects.ts';

export type { FixResult } from './run-fixes.ts';

/**
 * Which fixes run: those that settings let admission apply; the safe ones and those whose values are set; or the
 * suggestions as well.
 */
export type FixScope = 'admission' | 'manifests' | 'all';

/**
 * Computes the patch for a review. At admission pod fixes touch only Pods that are being created, because a workload's
 * template belongs to its source and the spec of a running pod cannot change.
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
  const profile = compiled.profiles.get(review.profile);
  if (profile === undefined) throw new RangeError(`there is no profile ${review.profile}`);
  const chosen = choosePlan(compiled, profile, review, namespaceOf(review));
  if (typeof chosen === 'string') return none;
  const fixes = withoutExcepted(compiled, onlyFixes(chosen, review, scope), review);
  const plan = only === undefined ? fixes : narrow(fixes, ({ policy }) => only.includes(policy.id));
  if (plan.empty) return none;
  return runFixes(compiled, plan, review);
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
  const profile = compiled.profiles.get(review.profile);
  if (profile === undefined) throw new RangeError(`there is no profile ${review.profile}`);
  const chosen = choosePlan(compiled, profile, review, namespaceOf(review));
  if (typeof chosen === 'string') return [];
  const plan = narrow(chosen, ({ policy }) => policy.fix?.safety === 'suggestion');
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

/** Who has an exception is left alone: its finding is allowed to be there. */
function withoutExcepted(compiled: Compiled, plan: Plan, review: Review): Plan {
  if (compiled.exceptions.length === 0) return plan;
  const exceptions = exceptionsOf(compiled, review);
  return narrow(plan, ({ policy }) => inForce(exceptions(policy.id), review.now) === undefined);
}

/** Plans are kept per profile and kind, so what fixes of a plan look like is worked out once. */
const fixPlans = new WeakMap<Plan, Plan>();

function onlyFixes(plan: Plan, review: Review, scope: FixScope): Plan {
  if (scope !== 'admission') {
    return narrow(
      plan,
      ({ fixable: messages, policy }) =>
        messages.size > 0 && (scope === 'all' || policy.fix?.safety !== 'suggestion'),
    );
  }
  const known = fixPlans.get(plan);
  if (known !== undefined) return known;
  const createsPod = plan.kind.kind === 'Pod' && review.operation === 'CREATE';
  const fixes = narrow(plan, ({ policy, fixOnAdmission }) => {
    const ofPods = policy.target === 'container' || policy.target === 'podSpec';
    return fixOnAdmission && (!ofPods || createsPod);
  });
  fixPlans.set(plan, fixes);
  return fixes;
}
