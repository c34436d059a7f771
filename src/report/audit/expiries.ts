import { day } from '../../engine/days.ts';
import { compareTexts } from '../../engine/order.ts';
import type { AuditReport } from './audit-report.ts';

/** Something that changes by itself on a day. */
export interface Expiry {
  /** `2026-12-01` */
  readonly date: string;
  /** Days from the audit; 0 is its day, less is past. NaN where the date is none. */
  readonly days: number;
  readonly what: 'exception' | 'grandfathering';
  /** Ids of policies. */
  readonly policies: readonly string[];
  /** Of an exception, who answers for it. */
  readonly owner?: string;
  /** Findings that block from then on. */
  readonly findings: number;
}

/** Exceptions that end and old objects that are tolerated no longer: the soonest first. */
export function expiriesOf({ exceptions, findings, date }: AuditReport): readonly Expiry[] {
  const days = (end: string): number => daysBetween(date, end);
  const ending = exceptions.map((exception): Expiry => {
    const { expires, policies, owner } = exception;
    return {
      date: expires,
      days: days(expires),
      what: 'exception',
      policies,
      owner,
      findings: exception.findings,
    };
  });
  const tolerated = findings.filter(({ exception }) => exception === undefined);
  const grandfathered = [...Map.groupBy(tolerated, ({ grandfatherUntil = '' }) => grandfatherUntil)].flatMap(
    ([until, own]): readonly Expiry[] => {
      const policies = [...new Set(own.map(({ policy }) => policy))].sort();
      const counts = { policies, findings: own.length };
      return until === '' ? [] : [{ date: until, days: days(until), what: 'grandfathering', ...counts }];
    },
  );
  return [...ending, ...grandfathered].sort(
    (a, b) => compareTexts(a.date, b.date) || compareTexts(a.what, b.what),
  );
}

/** Dated records of one name. */
export interface RecordAges {
  readonly name: string;
  readonly objects: number;
  readonly oldest: string;
  readonly newest: string;
  /** Days that the oldest has reached. */
  readonly days: number;
}

/** What was attested, the record with the oldest date first. */
export function recordAges({ objects, date }: AuditReport): readonly RecordAges[] {
  const dated = objects.flatMap(({ attestations = {} }) => Object.entries(attestations));
  return [...Map.groupBy(dated, ([name]) => name)]
    .map(([name, own]): RecordAges => {
      const dates = own.map(([, found]) => found).sort();
      const oldest = dates[0] ?? '';
      return {
        name,
        objects: own.length,
        oldest,
        newest: dates.at(-1) ?? '',
        days: daysBetween(oldest, date),
      };
    })
    .sort((a, b) => compareTexts(a.oldest, b.oldest) || compareTexts(a.name, b.name));
}

/** NaN where one of them is no date. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / day);
}
