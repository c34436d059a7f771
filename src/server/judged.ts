import type { Compiled } from '../engine/compiled.ts';
import { fixReview } from '../engine/fix.ts';
import { judge, type Elsewhere } from '../engine/judge.ts';
import type { Review, Verdict } from '../engine/review.ts';
import { profileProblem } from '../engine/routing.ts';
import type { IncomingReview } from './admission-review.ts';
import { answerFixes, answerSuspended, answerVerdict } from './answer.ts';
import type { Metrics } from './metrics.ts';
import type { VerdictOutcome } from './outcomes.ts';

/** A review that is to be answered. */
export interface Asked {
  readonly incoming: IncomingReview;
  /** Until when enforcement is suspended, where it is: milliseconds since 1970. */
  readonly suspended: number | undefined;
}

/** What a review came to: its answer, and what is logged, counted and recorded of it. */
export interface Judged {
  readonly outcome: VerdictOutcome;
  readonly body: string;
  readonly findings: number;
  readonly policies: readonly string[];
  /** Ids of policies that would have refused, where enforcement is observe or suspended. */
  readonly wouldDeny?: readonly string[];
  readonly failed: readonly string[];
  /** What is recorded, of what was validated. */
  readonly verdict?: Verdict;
  /** What failed and how, where something did. */
  readonly errors?: readonly string[];
  /** Counts what was found, failed or fixed. */
  readonly count: () => void;
}

const nothing = { findings: 0, policies: [], failed: [], count: (): void => undefined };

/**
 * What a review comes to by the policies.
 *
 * @param elsewhere what ran in the sandbox for it
 */
export function validate(
  compiled: Compiled,
  { incoming: { uid, review }, suspended }: Asked,
  metrics: Metrics,
  elsewhere?: Elsewhere,
): Judged {
  const enforcement = suspended === undefined ? undefined : 'observe';
  const verdict = judge(compiled, review, { elsewhere, enforcement, factsLag: true });
  const { findings, errors } = verdict;
  const notice = labelNotice(compiled, review);
  const { outcome, body } = answerVerdict(uid, verdict, review.profile, { suspended, notice });
  if (findings.length === 0 && errors.length === 0) return { outcome, body, verdict, ...nothing };
  const count = (): void => {
    for (const { policy } of errors) metrics.policyError(policy).inc();
    if (review.dryRun === true) return;
    for (const { policy, action } of findings) metrics.finding(policy, action).inc();
  };
  const failures = errors.map(({ policy, message }) => `${policy} ${message}`);
  const failed = { failed: idsOf(errors), ...(failures.length === 0 ? {} : { errors: failures }) };
  const held = idsOf(findings.filter(({ leniency }) => leniency === 'observe'));
  const wouldDeny = held.length === 0 ? {} : { wouldDeny: held };
  const policies = idsOf(findings);
  return { outcome, body, verdict, findings: findings.length, policies, ...wouldDeny, ...failed, count };
}

/**
 * What a review comes to by the fixes.
 *
 * @param patchBytes how long a patch may be
 */
export function mutate(
  compiled: Compiled,
  { incoming: { uid, review }, suspended }: Asked,
  metrics: Metrics,
  patchBytes: number,
): Judged {
  if (suspended !== undefined) return { ...answerSuspended(uid, suspended), ...nothing };
  const { outcome, body, fixes } = answerFixes(
    uid,
    fixReview(compiled, review, 'admission'),
    review.profile,
    patchBytes,
  );
  const { applied, dropped } = fixes;
  if (applied.length === 0 && dropped.length === 0) return { outcome, body, ...nothing };
  const count = (): void => {
    for (const policy of applied) metrics.fix(policy, 'applied').inc();
    for (const { policy } of dropped) metrics.fix(policy, 'dropped').inc();
  };
  return { outcome, body, findings: 0, policies: applied, failed: idsOf(dropped), count };
}

/** Whoever gives a namespace a label that names no profile is told; who changes something else there is not. */
function labelNotice(compiled: Compiled, { operation, object, oldObject }: Review): string | undefined {
  if (object.kind !== 'Namespace' || object.apiVersion !== 'v1' || operation === 'DELETE') return undefined;
  const [asked, before] = [object, oldObject].map((one) => profileProblem(compiled, one?.metadata?.labels));
  return asked === before ? undefined : asked;
}

function idsOf(list: readonly { readonly policy: string }[]): readonly string[] {
  return [...new Set(list.map(({ policy }) => policy))];
}
