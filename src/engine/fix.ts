import { builtinKinds } from '#sdk';
import type { Compiled, Plan } from './compiled.ts';
import { exceptionsOf } from './covering.ts';
import type { IsLeftAlone } from './edit.ts';
import { inForce } from './exceptions.ts';
import { choosePlan, reference } from './judge.ts';
import { isAboutPods, narrowPlan } from './plans.ts';
import type { Review } from './review.ts';
import { runFixes, type FixResult } from './run-fixes.ts';

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
  const chosen = choosePlan(compiled, review);
  if (typeof chosen === 'string') return none;
  const fixes = onlyFixes(chosen, review, scope);
  const asked = only === undefined ? fixes : narrowPlan(fixes, ({ policy }) => only.includes(policy.id));
  const isExcepted = excepted(compiled, chosen, review);
  const plan =
    isExcepted === undefined ? asked : narrowPlan(asked, ({ policy }) => !isExcepted(policy.id, []));
  return plan.empty ? none : runFixes(compiled, plan, review, isExcepted);
}

/** Who has an exception is left alone: its finding is allowed to be there. */
function excepted(compiled: Compiled, { kind }: Plan, review: Review): IsLeftAlone | undefined {
  if (compiled.exceptions.length === 0) return undefined;
  const exceptions = exceptionsOf(compiled, review, reference(review), kind);
  return (policy, at) => inForce(exceptions(policy, at), review.now) !== undefined;
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
  const createsPod = plan.kind === builtinKinds.Pod && review.operation === 'CREATE';
  const fixes = narrowPlan(
    plan,
    ({ policy, fixOnAdmission }) => fixOnAdmission && (createsPod || !isAboutPods(policy)),
  );
  fixPlans.set(plan, fixes);
  return fixes;
}
