import { enforcementIn } from '../engine/judge.ts';
import type { FoundReviews } from '../replay/read-reviews.ts';
import type { AuditReport } from '../report/audit/audit-report.ts';
import { isNothingJudged, isUnread } from '../report/audit/unjudged.ts';
import type { ReportError } from '../report/report.ts';
import { gapsOf, unjudgedToday } from './gaps.ts';
import { predict, type Prediction } from './predict.ts';
import type { RefusedObject, RefusedRequests, Unknown } from './refusal.ts';
import { replayRequests, type ReplayedRequests } from './replay-requests.ts';
import { denyingEntries, profileThen, silentAtAdmission, type Standards } from './standards.ts';
import { countObjects, deadlinesOf, namespacesOf, ownersOf, policiesOf, type Deadline, type NamespaceShare, type ObjectCounts, type OwnerShare, type PolicyShare } from './sum-up.ts'; // prettier-ignore

/** What would break, for whom, and what is not known. */
export interface Answer {
  readonly summary: ObjectCounts & {
    /** Recorded requests that would be refused, and all that were judged. */
    readonly requests: number;
    readonly requestsJudged: number;
    readonly requestsAlready: number;
    /** Findings that would refuse and do not: excepted, patched by admission, on what Kubernetes' controllers make. */
    readonly excepted: number;
    readonly patched: number;
    readonly onMade: number;
  };
  readonly deadlines: readonly Deadline[];
  readonly owners: readonly OwnerShare[];
  readonly namespaces: readonly NamespaceShare[];
  readonly policies: readonly PolicyShare[];
  readonly objects: readonly RefusedObject[];
  readonly requests: readonly RefusedRequests[];
  readonly unknown: readonly Unknown[];
  /** Policies that refuse something today, of which the report does not tell what: some `newly` may be wrong. */
  readonly unjudgedToday: readonly string[];
  readonly notices: readonly string[];
  readonly errors: readonly ReportError[];
}

const noObjects: Prediction = { objects: [], excepted: 0, patched: 0, onMade: 0 };
const noRequests: ReplayedRequests = { judged: 0, refused: [], errors: [], missingProfiles: [] };

export function answerOf(
  report: AuditReport | undefined,
  reviews: FoundReviews | undefined,
  standards: Standards,
): Answer {
  const { objects, excepted, patched, onMade } =
    report === undefined ? noObjects : predict(report, standards);
  const replayed = reviews === undefined ? noRequests : replayRequests(reviews, standards);
  const requests = replayed.refused;
  const refused = [...objects, ...requests];
  const sum = (of: (one: RefusedRequests) => number): number =>
    requests.reduce((total, one) => total + of(one), 0);
  const errors: ReportError[] = [...(report === undefined ? [] : incompleteness(report)), ...replayed.errors];
  if (reviews !== undefined && replayed.judged === 0 && replayed.errors.length === 0)
    errors.push({
      code: 'nothing-checked',
      message: 'no recorded review was judged: there is none in --reviews',
    });
  return {
    summary: {
      ...countObjects(objects),
      requests: sum((one) => one.requests),
      requestsJudged: replayed.judged,
      requestsAlready: sum((one) => one.already),
      ...{ excepted, patched, onMade },
    },
    deadlines: deadlinesOf(objects),
    owners: ownersOf(refused),
    namespaces: namespacesOf(refused),
    policies: policiesOf(refused),
    objects,
    requests,
    unknown: report === undefined ? [] : gapsOf(report, standards, reviews !== undefined),
    unjudgedToday:
      report !== undefined && objects.some(({ newly }) => newly) ? unjudgedToday(report, standards) : [],
    notices: noticesOf(report, { standards, replayed, refused }),
    errors,
  };
}

/** What kept the audit from seeing all: of that nothing is known. */
function incompleteness({ errors, coverage }: AuditReport): readonly ReportError[] {
  const said = errors.map(({ message }): ReportError => ({
    code: 'nothing-checked',
    message: `the audit was not complete: ${message}`,
  }));
  if (said.length > 0) return said;
  if (isNothingJudged({ coverage }))
    return [
      { code: 'nothing-checked', message: 'the audit judged no object: nothing can be predicted from it' },
    ];
  return coverage.kinds
    .filter(({ state }) => isUnread(state))
    .map(({ cluster, kind, state }): ReportError => ({
      code: 'nothing-checked',
      message: `the audit was not complete: ${kind}${cluster === undefined ? '' : ` of ${cluster}`}: ${state}`,
    }));
}

interface Found {
  readonly standards: Standards;
  readonly replayed: ReplayedRequests;
  readonly refused: readonly (RefusedObject | RefusedRequests)[];
}

function noticesOf(
  report: AuditReport | undefined,
  { standards, replayed, refused }: Found,
): readonly string[] {
  const { before } = standards;
  const notices: string[] = [];
  const observed = refused.filter(({ object }) => {
    const profile = before.profiles.get(before.settings.profile);
    return profile !== undefined && enforcementIn(before, profile, object.namespace) === 'observe';
  });
  if (observed.length > 0)
    notices.push(
      `${observed.length} of these ${observed.length === 1 ? 'is' : 'are'} where the settings only observe: refused once they say enforce`,
    );
  const profiles = [
    ...new Set([...(report?.objects ?? []).map(({ profile }) => profile), before.settings.profile]),
  ];
  for (const [reason, policies] of Map.groupBy(silent(standards, profiles), ([, why]) => why)) {
    const ids = policies.map(([id]) => id).sort();
    notices.push(`${ids.join(', ')} ${ids.length === 1 ? 'refuses' : 'refuse'} nothing: ${reason}`);
  }
  if (report === undefined)
    notices.push(
      'Recorded reviews tell of what was asked while they were recorded, and of kinds that daygate was asked about: --report tells of all that exists',
    );
  const unknownProfiles = [
    ...replayed.missingProfiles,
    ...profiles.filter((name) => 'deny' in standards.change && !before.profiles.has(name)),
  ];
  for (const name of [...new Set(unknownProfiles)].sort())
    notices.push(`There is no profile ${name} in the settings: it is judged by ${before.settings.profile}`);
  return [...notices, ...(report?.notices ?? [])];
}

/** Policies of the question that admission does not judge by, with the reason. */
function silent(standards: Standards, profiles: readonly string[]): ReadonlyMap<string, string> {
  const reasons = profiles
    .flatMap((profile) => denyingEntries(standards, profileThen(standards, profile)))
    .flatMap((entry): readonly (readonly [string, string])[] => {
      const reason = silentAtAdmission(standards, entry);
      return reason === undefined ? [] : [[entry.policy.id, reason]];
    });
  return new Map(reasons);
}
