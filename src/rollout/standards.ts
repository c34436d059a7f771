import type { Compiled, Entry } from '../engine/compiled.ts';
import { dateOf } from '../engine/days.ts';
import { exceptionsMatching } from '../engine/exception-index.ts';
import { inForce, type CompiledException, type Identity } from '../engine/exceptions.ts';
import type { Finding } from '../engine/review.ts';
import type { Change } from './changed-settings.ts';

/** What is asked, made ready: by which settings, from which moment on, and which policies it is about. */
export interface Standards {
  /** The settings as they would be. */
  readonly after: Compiled;
  /** The settings as they are. */
  readonly before: Compiled;
  readonly change: Change;
  /** Milliseconds since 1970: the moment that is asked about. */
  readonly at: number;
}

/** The profile by which an object would be judged; one that the settings do not have is the default one. */
export function profileThen({ after, change }: Standards, profile: string): string {
  if ('profile' in change) return change.profile;
  return after.profiles.has(profile) ? profile : after.settings.profile;
}

/** Whether the question is about the policy. */
export function isAsked({ change }: Standards, id: string): boolean {
  return 'profile' in change || change.deny.includes(id);
}

/** What a policy of the question would be in the profile, if it were to deny there. */
export function denyingEntries(standards: Standards, profile: string): readonly Entry[] {
  const entries = standards.after.profiles.get(profile)?.entries ?? [];
  return entries.filter(({ policy, action }) => action === 'deny' && isAsked(standards, policy.id));
}

/** Why admission says nothing of what a policy looks at; undefined where it does. */
export function silentAtAdmission({ after }: Standards, { policy }: Entry): string | undefined {
  if (policy.needsSchema === true) return 'admission has no schemas (daygate check has)';
  const needsFacts = policy.target === 'relation' && (policy.facts ?? []).length > 0;
  return needsFacts && after.settings.facts === 'none'
    ? 'facts: none keeps admission from looking at other objects'
    : undefined;
}

/**
 * Whether exceptions that hold then are about the policy on each of the identities. A report names no images: of an
 * exception for containers, what the audit said of the finding tells.
 */
export function isExcepted(
  { after, at }: Pick<Standards, 'after' | 'at'>,
  { policy, exception }: Pick<Finding, 'policy' | 'exception'>,
  identities: readonly Identity[],
): boolean {
  const isAbout = ({
    policies,
    isContainer,
    exception: { owner, reason, expires },
  }: CompiledException): boolean =>
    policies.has(policy) &&
    (isContainer === undefined ||
      (exception?.owner === owner && exception.reason === reason && exception.expires === expires));
  const covers = (identity: Identity): boolean =>
    inForce(exceptionsMatching(after.exceptions, [identity]).filter(isAbout), at) !== undefined;
  return identities.length > 0 && identities.every(covers);
}

/** The first day on which findings an object had before block it too: `2027-04-01`. */
export function blocksFrom({ grandfatherUntil }: Entry): string | undefined {
  return grandfatherUntil === undefined ? undefined : dateOf(grandfatherUntil);
}
