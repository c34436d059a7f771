import { daysLeftText } from '../days-left.ts';
import { count, matchWords } from '../words.ts';
import type { AuditException, AuditReport } from './audit-report.ts';
import { isPartial } from './unjudged.ts';

const concerns = ['expired', 'unused', 'expiring'] as const;

interface ExceptionNote {
  /** Why somebody should look at it. */
  readonly concern: (typeof concerns)[number];
  /** `require-replicas on namespace shop, kind Deployment` */
  readonly title: string;
  /** `until 2026-11-26 (5 days left), team-checkout: moves to a queue; covers 3 findings` */
  readonly text: string;
}

/** Exceptions that have ended, then those that cover nothing, then those that end soon. */
export function exceptionNotes(report: AuditReport): readonly ExceptionNote[] {
  const isWhole = sawEverything(report);
  const notes = report.exceptions.flatMap((exception): readonly ExceptionNote[] => {
    const concern = concernOf(exception, isWhole);
    if (concern === undefined) return [];
    const { state, daysLeft, expires, owner, reason } = exception;
    const until = `until ${expires} (${daysLeftText(state, daysLeft)}), ${owner}: ${reason}`;
    return [{ concern, title: titleOf(exception), text: `${until}; ${useText(exception, isWhole)}` }];
  });
  return notes.toSorted((a, b) => concerns.indexOf(a.concern) - concerns.indexOf(b.concern));
}

/** Only then an exception without findings is needed no more. */
function sawEverything(report: AuditReport): boolean {
  const { shard, only } = report.coverage;
  return shard === undefined && only === undefined && !isPartial(report);
}

function concernOf(
  { state, findings }: AuditException,
  isWhole: boolean,
): ExceptionNote['concern'] | undefined {
  if (state === 'expired') return 'expired';
  if (findings === 0 && isWhole) return 'unused';
  return state === 'expiring' ? 'expiring' : undefined;
}

function titleOf({ policies, match }: AuditException): string {
  const matched = matchWords(match);
  return `${policies.join(', ')}${matched === '' ? '' : ` on ${matched}`}`;
}

function useText({ state, findings }: AuditException, isWhole: boolean): string {
  if (findings > 0)
    return `${state === 'expired' ? 'no longer covers' : 'covers'} ${count(findings, 'finding')}`;
  if (!isWhole) return 'covers nothing that was judged';
  return state === 'expired' ? 'would cover nothing: remove it' : 'covers nothing: remove it';
}
