import { entries, list, property, text, type KubernetesObject } from '#sdk';
import type { Compiled } from '../engine/compiled.ts';
import { judge, reference } from '../engine/judge.ts';
import { printable } from '../engine/message.ts';
import type { ObjectReference } from '../engine/review.ts';
import { messageOf } from '../errors.ts';
import { recordedVerdict, type RecordedVerdict } from '../record/recorded-review.ts';
import type { ReportError } from '../report/report.ts';
import { kindsByResource, readReview, type KindsByResource } from '../server/admission-review.ts';
import type { FoundReview } from './read-reviews.ts';

/** Settings to judge by. */
export interface Judge {
  readonly compiled: Compiled;
  readonly kinds: KindsByResource;
}

export function judgeOf(compiled: Compiled): Judge {
  return { compiled, kinds: kindsByResource(compiled) };
}

export type Outcome = 'denied' | 'warned' | 'allowed';

/** A review, judged again. */
export interface Replayed {
  readonly file: string;
  readonly line: number;
  /** Of the record; absent where there is none. */
  readonly time?: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly object: ObjectReference;
  readonly user: string;
  /** Who answers for the object, by its labels; undefined where they do not say. */
  readonly owner: string | undefined;
  readonly profile: string;
  readonly outcome: Outcome;
  readonly verdict: RecordedVerdict;
}

interface ReplayOptions {
  /** Decides over the record. */
  readonly profile: string | undefined;
  /** The default profile of before: what it judged is judged by that of the settings. */
  readonly formerDefault?: string | undefined;
  /** For reviews that were not recorded, milliseconds since 1970. */
  readonly now: number;
  /** Takes the profiles of records that the settings do not have. */
  readonly missingProfile: (profile: string) => void;
}

/**
 * Judges a review as the server would: with the enforcement of the settings, and at the time at which it was
 * recorded, so that what has ended since is no change.
 */
export function replay(
  { compiled, kinds }: Judge,
  { file, line, review: found, record }: FoundReview,
  { profile: wanted, formerDefault, now, missingProfile }: ReplayOptions,
): Replayed | ReportError {
  const recorded = record?.profile === formerDefault ? undefined : record?.profile;
  const profile = profileOf(compiled, wanted ?? recorded, missingProfile);
  try {
    const time = record === undefined ? now : Date.parse(record.time);
    const body = Buffer.from(JSON.stringify(found));
    const { review } = readReview(body, kinds, { profile, now: time, facts: undefined });
    const verdict = recordedVerdict(judge(compiled, review));
    return {
      file,
      line,
      ...(record === undefined ? {} : { time: record.time }),
      operation: review.operation,
      ...(review.subresource === undefined ? {} : { subresource: printable(review.subresource, 63) }),
      object: reference(review),
      user: printable(review.user?.username ?? '', 253),
      owner: ownerOf(compiled, profile, review.object),
      profile,
      outcome: outcomeOf(verdict),
      verdict,
    };
  } catch (error) {
    const isOurs = error instanceof Error && error.name === 'RejectedError';
    return isOurs
      ? { code: 'bad-review', message: messageOf(error), file, line }
      : { code: 'internal', message: 'the review could not be judged', file, line };
  }
}

/** Policies that failed on it: what they would have said is not known. */
export function failuresOf({ verdict, file, line }: Replayed): readonly ReportError[] {
  return verdict.failed.map((policy) => ({
    code: 'policy-failed',
    message: `${policy} failed`,
    file,
    line,
    policy,
  }));
}

export function outcomeOf({ allowed, findings, failed }: RecordedVerdict): Outcome {
  if (!allowed) return 'denied';
  const warns = findings.some(({ action }) => action === 'warn') || failed.length > 0;
  return warns ? 'warned' : 'allowed';
}

/** A profile that is not there is the default one, as it is for a namespace that asks for it. */
function profileOf(
  { profiles, settings }: Compiled,
  wanted: string | undefined,
  missing: (profile: string) => void,
): string {
  if (wanted === undefined) return settings.profile;
  if (profiles.has(wanted)) return wanted;
  missing(wanted);
  return settings.profile;
}

const usualOwnerLabels = ['owner', 'team'];

function ownerOf(compiled: Compiled, profile: string, object: KubernetesObject): string | undefined {
  const policy = compiled.profiles.get(profile)?.entries.find(({ policy: { id } }) => id === 'require-owner');
  const named = list(policy?.params['ownerLabels'] as readonly string[] | undefined);
  const labels = named.length === 0 ? usualOwnerLabels : named;
  const given = new Map(entries(property(object.metadata, 'labels')));
  for (const label of labels) {
    const owner = text(given.get(label));
    if (owner !== undefined && owner !== '') return printable(owner, 63);
  }
  return undefined;
}

/** Where nobody is named, the namespace says most. */
export function unnamedOwner({ namespace }: Pick<ObjectReference, 'namespace'>): string {
  return namespace === undefined ? '(cluster)' : `(namespace ${namespace})`;
}
