import type { ReportError } from '../report.ts';
import type { AuditReport, KindCoverage } from './audit-report.ts';

type UnreadState = 'forbidden' | 'failed' | 'removed';
type UnreadKind = KindCoverage & { readonly state: UnreadState };

/** What was asked for and could not be read or judged, each thing once. */
interface Unjudged {
  /** Kinds that were not read, or not whole. */
  readonly kinds: readonly UnreadKind[];
  /** Why they were not, as the API server has it: no further gaps. */
  readonly reasons: readonly string[];
  /** What else was in the way. */
  readonly errors: readonly ReportError[];
}

export function unjudged({ errors, coverage }: Pick<AuditReport, 'errors' | 'coverage'>): Unjudged {
  const kinds = coverage.kinds.filter((kind): kind is UnreadKind => isUnread(kind.state));
  // An error of the API server is about a kind; one that is about none would be told nowhere.
  const isReason = ({ code }: ReportError): boolean => code === 'cluster' && kinds.length > 0;
  return {
    kinds,
    reasons: errors.filter(isReason).map(({ message }) => message),
    errors: errors.filter((error) => !isReason(error)),
  };
}

/** A kind that was not read whole; one that the cluster does not serve has nothing to read. */
export function isUnread(state: KindCoverage['state']): state is UnreadState {
  return state === 'forbidden' || state === 'failed' || state === 'removed';
}

/** After the name of a kind. */
export const unreadWords: Readonly<Record<UnreadState, string>> = {
  forbidden: 'may not be listed by this account',
  failed: 'could not be listed',
  removed: 'was removed while the audit ran',
};

/** No object at all was judged, now or in the report that --since names. */
export function isNothingJudged({ coverage }: Pick<AuditReport, 'coverage'>): boolean {
  return coverage.judged + (coverage.unchanged ?? 0) === 0;
}

/** Something that was asked for could not be read or judged: then the report is not the whole truth. */
export function isPartial({ errors, coverage }: Pick<AuditReport, 'errors' | 'coverage'>): boolean {
  return errors.length > 0 || coverage.kinds.some(({ state }) => isUnread(state));
}
