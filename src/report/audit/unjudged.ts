import type { ReportError } from '../report.ts';
import type { AuditReport, KindCoverage } from './audit-report.ts';

/** What was asked for and could not be read or judged, each thing once. */
export interface Unjudged {
  /** Kinds that were not read, or not whole. */
  readonly kinds: readonly KindCoverage[];
  /** Why they were not, as the API server has it: no further gaps. */
  readonly reasons: readonly string[];
  /** What else was in the way. */
  readonly errors: readonly ReportError[];
}

export function unjudged({ errors, coverage }: Pick<AuditReport, 'errors' | 'coverage'>): Unjudged {
  const kinds = coverage.kinds.filter(({ state }) => isUnread(state));
  // An error of the API server is about a kind; one that is about none would be told nowhere.
  const isReason = ({ code }: ReportError): boolean => code === 'cluster' && kinds.length > 0;
  return {
    kinds,
    reasons: errors.filter(isReason).map(({ message }) => message),
    errors: errors.filter((error) => !isReason(error)),
  };
}

export function isUnread(state: KindCoverage['state']): boolean {
  return state === 'forbidden' || state === 'failed' || state === 'removed';
}

/** After the name of a kind. */
export const unreadWords: Readonly<Record<'forbidden' | 'failed' | 'removed', string>> = {
  forbidden: 'may not be listed by this account',
  failed: 'could not be listed',
  removed: 'was removed while the audit ran',
};

/** No object at all was judged, now or in the report that --since names. */
export function isNothingJudged({ coverage }: Pick<AuditReport, 'coverage'>): boolean {
  return coverage.judged + (coverage.unchanged ?? 0) === 0;
}
