import type { FoundReviews } from '../replay/read-reviews.ts';
import { failuresOf, judgeOf, replay, unnamedOwner, type Replayed } from '../replay/replay.ts';
import type { ReportError } from '../report/report.ts';
import { isFixable, objectKey, type RefusedRequests } from './refusal.ts';
import { isAsked, type Standards } from './standards.ts';

/** What recorded requests would be answered. */
export interface ReplayedRequests {
  /** How many could be judged. */
  readonly judged: number;
  /** By object, in the order in which they were met. */
  readonly refused: readonly RefusedRequests[];
  readonly errors: readonly ReportError[];
  /** Profiles of records that the settings do not have. */
  readonly missingProfiles: readonly string[];
}

/** Replays recorded reviews by the settings as they would be, at the moment that is asked about. */
export function replayRequests(found: FoundReviews, standards: Standards): ReplayedRequests {
  const { after, before, change, at } = standards;
  const judges = { after: judgeOf(after), before: judgeOf(before) };
  const missing = new Set<string>();
  const errors: ReportError[] = [];
  const refused = new Map<string, Mutable<RefusedRequests>>();
  let judged = 0;
  // Without its record a review is judged at the moment that is given, and not at its own.
  for (const { record, ...review } of found.reviews) {
    const asked = (profile: string | undefined) => ({
      profile,
      now: at,
      missingProfile: (name: string) => void missing.add(name),
    });
    const then = replay(judges.after, review, asked('profile' in change ? change.profile : record?.profile));
    if ('code' in then) {
      errors.push(then);
      continue;
    }
    judged++;
    errors.push(...failuresOf(then));
    const denials = then.verdict.findings.filter(
      ({ action, policy }) => action === 'deny' && isAsked(standards, policy),
    );
    if (denials.length === 0) continue;
    const now = replay(judges.before, review, asked(record?.profile));
    const isAlready = !('code' in now) && now.verdict.findings.some(({ action }) => action === 'deny');
    const key = objectKey(then.object);
    const known = refused.get(key) ?? firstOf(then);
    refused.set(key, known);
    known.requests++;
    if (isAlready) known.already++;
    const entries = after.profiles.get(then.profile)?.entries ?? [];
    known.findings = withMore(
      known.findings,
      denials.map(({ policy, severity, messageId, message, locator }) => {
        const entry = entries.find((one) => one.policy.id === policy);
        const fixable = entry !== undefined && isFixable(entry, messageId);
        return { policy, severity, messageId, message, locator, fixable };
      }),
    );
  }
  return {
    judged,
    refused: [...refused.values()],
    errors: [...found.errors, ...errors],
    missingProfiles: [...missing].sort(),
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function firstOf({
  object,
  owner,
  operation,
  subresource,
  user,
  file,
  line,
}: Replayed): Mutable<RefusedRequests> {
  return {
    object,
    owner: owner ?? unnamedOwner(object),
    requests: 0,
    already: 0,
    example: { operation, ...(subresource === undefined ? {} : { subresource }), user, file, line },
    findings: [],
  };
}

function withMore(
  known: RefusedRequests['findings'],
  more: RefusedRequests['findings'],
): RefusedRequests['findings'] {
  const keyOf = ({ policy, messageId, locator }: RefusedRequests['findings'][number]): string =>
    JSON.stringify([policy, messageId, locator]);
  const keys = new Set(known.map(keyOf));
  return [...known, ...more.filter((finding) => !keys.has(keyOf(finding)))];
}
