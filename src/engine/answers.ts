import type { Compiled, Entry, Plan } from './compiled.ts';
import { choosePlan } from './judge.ts';
import { containerClasses } from './plans.ts';
import type { Review, Verdict } from './review.ts';
import { objectSubject } from './subjects.ts';

/** What policies said of an object that have found nothing, by id. What found something is in neither list. */
export interface Answers {
  /** They looked at it. */
  readonly passes: readonly string[];
  /** They could not, or not to the end: that is no pass. */
  readonly notJudged: readonly string[];
}

/**
 * Tells passes from what nobody knows. Policies that do not look at such an object are in neither list: another kind,
 * or no container of a class that they are about.
 *
 * @param verdict what `judge` said of the review
 */
export function answersOf(
  compiled: Compiled,
  review: Review,
  verdict: Pick<Verdict, 'findings' | 'errors' | 'skipped'>,
): Answers {
  const plan = choosePlan(compiled, review);
  if (typeof plan === 'string') return { passes: [], notJudged: [] };
  const found = new Set(verdict.findings.map(({ policy }) => policy));
  const unable = new Set([...verdict.errors, ...verdict.skipped].flatMap(({ policy }) => policy ?? []));
  const asked = new Set(entriesAsked(compiled, plan, review).map(({ policy }) => policy.id));
  return {
    passes: [...asked].filter((id) => !found.has(id) && !unable.has(id)).sort(),
    notJudged: [...unable].filter((id) => !found.has(id)).sort(),
  };
}

/** Whom `evaluate` runs. */
function entriesAsked(compiled: Compiled, plan: Plan, review: Review): readonly Entry[] {
  const { pod, schema } = objectSubject(review, review.object, plan.kind, compiled.kubernetesMinor);
  const classes = new Set(pod?.containers.map(({ containerClass }) => containerClass));
  return [
    ...plan.object.filter(({ policy }) => schema !== undefined || policy.needsSchema !== true),
    ...(review.user === undefined ? [] : plan.request),
    ...plan.relation,
    ...(pod === undefined ? [] : plan.podSpec),
    ...containerClasses.filter((name) => classes.has(name)).flatMap((name) => plan.containers[name]),
  ];
}
