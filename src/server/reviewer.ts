import type { Facts } from '#sdk';
import type { Compiled } from '../engine/compiled.ts';
import { printable } from '../engine/message.ts';
import { nearest } from '../engine/nearest.ts';
import { fromSandbox, sandboxPlan, withoutObjects, type SandboxPlan } from '../engine/sandboxed.ts';
import { nameOf } from '../engine/subjects.ts';
import { describeError, logDecision, type Logger } from '../log/log.ts';
import {
  kindsByResource,
  readReview,
  uidInText,
  type IncomingReview,
  type KindsByResource,
} from './admission-review.ts';
import { deadlineFor } from './deadline.ts';
import type { ProfileMetrics } from './decision-counts.ts';
import { mutate, validate, type Asked, type Judged } from './judged.ts';
import type { Limits } from './limits.ts';
import type { Metrics, Webhook } from './metrics.ts';
import { outcomes, RejectedError } from './outcomes.ts';
import type { ReceivedBody } from './read-body.ts';
import type { Answered } from './record/recorder.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import type { InForce } from './settings/in-force.ts';
import type { Suspension } from './suspension.ts';
import type { ReviewTrace } from './traces.ts';

interface ReviewerOptions {
  /** Asked for every review, so that new settings count at once. A review stays with what it began with. */
  readonly settings: () => InForce;
  readonly facts: () => Facts | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly suspension: Suspension;
  /** Takes what was judged, to be recorded later. */
  readonly record?: ((answered: Answered) => void) | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Answers one call: the body of a 200, at once unless the sandbox has to be asked. Throws a RejectedError for
 * everything that is no verdict.
 */
export type Reviewer = (
  webhook: Webhook,
  profile: string,
  timeout: unknown,
  body: ReceivedBody,
  /** Where the path suspends enforcement: until when, in milliseconds since 1970. */
  suspendedUntil?: number,
  trace?: ReviewTrace,
) => string | Promise<string>;

/** Settings with what the server keeps beside them. */
interface Served {
  readonly settings: InForce;
  readonly kinds: KindsByResource;
  readonly profiles: ReadonlyMap<string, ProfileMetrics>;
}

/** A call that is being answered. */
interface Call extends Asked {
  readonly webhook: Webhook;
  readonly profile: string;
  readonly counts: ProfileMetrics;
  readonly arrivedAt: number;
  /** Milliseconds from there. */
  readonly deadline: number;
  readonly bytes: Buffer;
  /** Digest of the settings it is judged by. */
  readonly settings: string;
  readonly trace: ReviewTrace | undefined;
}

export function createReviewer(options: ReviewerOptions): Reviewer {
  const { settings, logger, metrics, limits, now } = options;
  let served = serveSettings(settings(), metrics);
  return (webhook, profile, timeout, { bytes, arrivedAt }, suspendedUntil, trace) => {
    const inForce = settings();
    if (inForce !== served.settings) served = serveSettings(inForce, metrics);
    const { compiled: present, sandbox } = inForce;
    const deadline = deadlineFor(timeout, limits.deadlineMs);
    if (performance.now() - arrivedAt > deadline) {
      throw late('waited too long for its turn', deadline, uidInBytes(bytes));
    }
    const counts = served.profiles.get(profile);
    if (counts === undefined) throw unknownProfile(profile, [...served.profiles.keys()], uidInBytes(bytes));
    const time = now();
    const incoming = readReview(bytes, served.kinds, { profile, now: time, facts: options.facts() });
    trace?.parsed();
    const suspended = options.suspension.note(suspendedUntil, time) ? suspendedUntil : undefined;
    const { digest } = inForce;
    // prettier-ignore
    const call: Call = {
      webhook, profile, counts, incoming, arrivedAt, deadline, bytes, settings: digest, suspended, trace,
    };
    const plan =
      sandbox === undefined || webhook !== 'validate'
        ? undefined
        : contain(options, incoming, () => sandboxPlan(present, incoming.review));
    if (sandbox !== undefined && plan !== undefined) {
      return withSandbox(sandbox, present, call, plan);
    }
    const judged = contain(options, incoming, () =>
      webhook === 'validate'
        ? validate(present, call, metrics)
        : mutate(present, call, metrics, limits.patchBytes),
    );
    return finish(call, judged);
  };

  async function withSandbox(
    sandbox: Sandbox,
    present: Compiled,
    call: Call,
    plan: SandboxPlan,
  ): Promise<string> {
    const { incoming, arrivedAt, deadline, bytes: body } = call;
    const { uid, review } = incoming;
    const { reports, failed } = await sandbox.run({
      uid,
      plan,
      review: withoutObjects(review),
      body,
      deadline: arrivedAt + deadline,
    });
    const judged = contain(options, incoming, () =>
      validate(present, call, metrics, fromSandbox(present, review, reports, failed)),
    );
    return finish(call, judged);
  }

  function finish(call: Call, judged: Judged): string {
    const { webhook, profile, counts, incoming, arrivedAt, deadline, bytes } = call;
    const elapsed = performance.now() - arrivedAt;
    metrics.observe(webhook, elapsed / 1000);
    const { review, uid } = incoming;
    const { outcome } = judged;
    call.trace?.decided({
      verdict: outcome,
      profile,
      uid,
      operation: review.operation,
      kind: kindOf(incoming),
      findings: judged.findings,
      policies: judged.policies,
      failed: judged.failed,
    });
    if (elapsed > deadline) throw late(`took ${Math.round(elapsed)} ms`, deadline, uid);
    counts.decision(outcome, review.operation, review.dryRun === true).inc();
    if (review.dryRun !== true) metrics.namespaceDecision?.(review.namespace, outcome);
    judged.count();
    const { verdict } = judged;
    // What is let through during an emergency would look like something that new settings deny.
    if (verdict !== undefined && call.suspended === undefined)
      options.record?.({ bytes, profile, verdict, now: review.now, settings: call.settings });
    // Where a policy failed, its rule was not enforced: that is for the operator, whatever became of the review.
    const level = judged.errors === undefined ? outcomes[outcome].log : 'error';
    // Asked before the line is put together, because nearly all answers have nothing to say.
    if (level !== 'debug' || logger.isLevelEnabled(level)) {
      logDecision(logger, level, {
        webhook,
        verdict: outcome,
        profile,
        uid,
        operation: review.operation,
        kind: kindOf(incoming),
        subresource: review.subresource,
        namespace: review.namespace,
        name: nameOf(review),
        user: review.user?.username ?? '',
        dryRun: review.dryRun === true,
        policies: judged.policies,
        ...(judged.wouldDeny === undefined ? {} : { wouldDeny: judged.wouldDeny }),
        failed: judged.failed,
        ...(judged.errors === undefined ? {} : { errors: judged.errors }),
        ms: elapsed,
      });
    }
    return judged.body;
  }
}

/** Turns whatever the engine throws (a stack that overflowed, say) into a fault that costs this call alone. */
function contain<T>({ logger }: ReviewerOptions, { uid }: IncomingReview, run: () => T): T {
  try {
    return run();
  } catch (error) {
    logger.error({ uid: printable(uid, 253), ...describeError(error) }, 'a review failed');
    throw new RejectedError('fault', 'it failed on this review; its log says where', uid);
  }
}

function kindOf({ review }: IncomingReview): string {
  return String(review.resourceKind?.kind ?? review.object.kind);
}

function late(what: string, deadline: number, uid: string | undefined): RejectedError {
  return new RejectedError('deadline', `the review ${what}; it had ${Math.round(deadline)} ms`, uid);
}

function unknownProfile(name: string, known: readonly string[], uid: string | undefined): RejectedError {
  const message = `there is no profile ${printable(name, 63)}${nearest(name, known)}; there are ${known.join(', ')}`;
  return new RejectedError('unknown-profile', message, uid);
}

function uidInBytes(bytes: Buffer): string | undefined {
  return uidInText(bytes.toString('utf8', 0, 4096));
}

function serveSettings(settings: InForce, metrics: Metrics): Served {
  const { compiled } = settings;
  for (const { entries } of compiled.profiles.values())
    for (const { policy } of entries) metrics.policyError(policy.id);
  return {
    settings,
    kinds: kindsByResource(compiled),
    profiles: new Map([...compiled.profiles.keys()].map((name) => [name, metrics.profile(name)])),
  };
}
