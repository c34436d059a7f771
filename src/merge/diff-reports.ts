import { groupOf } from '#sdk';
import { compareTexts } from '../engine/order.ts';
import type { AuditDiff, AuditFinding, AuditReport } from '../report/audit/audit-report.ts';
import { isUnread } from '../report/audit/unjudged.ts';
import type { ReportError } from '../report/report.ts';
import { united } from './concatenate.ts';
import { byFinding } from './order.ts';

/**
 * Which findings that count have come and gone since an earlier report. A cluster that only one of them tells of has no
 * part in it, and is named: nothing is gone because nobody looked.
 */
export function diffReports(
  earlier: AuditReport,
  report: AuditReport,
): {
  readonly diff: AuditDiff;
  readonly notices: readonly string[];
  /** Nothing is new and nothing is gone where no cluster is in both. */
  readonly errors: readonly ReportError[];
} {
  const [before, after] = [clustersOf(earlier), clustersOf(report)];
  const inBoth = (finding: AuditFinding): boolean =>
    before.has(finding.cluster ?? '') && after.has(finding.cluster ?? '');
  const [had, has] = [counted(earlier), counted(report)].map((findings) => findings.filter(inBoth));
  const appeared = without(has ?? [], had ?? []);
  const gone = without(had ?? [], has ?? []);
  const groups = united(
    [
      ...appeared.map((finding) => diffGroupOf(finding, true)),
      ...gone.map((finding) => diffGroupOf(finding, false)),
    ],
    ({ cluster, namespace = '', policy }) => [cluster, namespace, policy],
    (a, b) => ({ ...a, appeared: a.appeared + b.appeared, gone: a.gone + b.gone }),
  );
  return {
    diff: { since: earlier.date, groups, appeared, gone },
    notices: noticesOf(earlier, report, [before, after]),
    errors: [...after].some((name) => before.has(name))
      ? []
      : [
          {
            code: 'nothing-checked',
            message: `nothing was compared: the reports of ${earlier.date} and ${report.date} have no cluster in common (daygate audit --cluster gives it a name that stays)`,
          },
        ],
  };
}

function clustersOf({ clusters, cluster }: AuditReport): ReadonlySet<string> {
  return new Set(clusters?.map(({ name }) => name) ?? [cluster]);
}

/** Findings that count, each with its cluster. */
function counted({ findings, cluster }: AuditReport): readonly AuditFinding[] {
  return findings
    .filter(({ exception }) => exception === undefined)
    .map((finding) => (finding.cluster === undefined ? { ...finding, cluster } : finding));
}

/** What makes a finding the same one; the same may be there several times. */
function keyOf({ cluster = '', object, policy, messageId, locator, via }: AuditFinding): string {
  const { apiVersion, kind, namespace = '', name } = object;
  const group = groupOf(apiVersion);
  return JSON.stringify([cluster, group, kind, namespace, name, policy, messageId, locator, via?.kind]);
}

function without(these: readonly AuditFinding[], those: readonly AuditFinding[]): readonly AuditFinding[] {
  const left = new Map<string, number>();
  for (const finding of those) left.set(keyOf(finding), (left.get(keyOf(finding)) ?? 0) + 1);
  return these
    .filter((finding) => {
      const key = keyOf(finding);
      const number = left.get(key) ?? 0;
      left.set(key, number - 1);
      return number <= 0;
    })
    .sort(byFinding);
}

function diffGroupOf(
  { cluster = '', object, policy }: AuditFinding,
  isNew: boolean,
): AuditDiff['groups'][number] {
  return {
    cluster,
    ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
    policy,
    appeared: isNew ? 1 : 0,
    gone: isNew ? 0 : 1,
  };
}

function noticesOf(
  earlier: AuditReport,
  report: AuditReport,
  [before, after]: readonly [ReadonlySet<string>, ReadonlySet<string>],
): readonly string[] {
  const only = (these: ReadonlySet<string>, those: ReadonlySet<string>): readonly string[] =>
    [...these].filter((name) => !those.has(name)).sort(compareTexts);
  const [added, missing] = [only(after, before), only(before, after)];
  const notices: string[] = [];
  if (added.length > 0)
    notices.push(`Not compared, as the report of ${earlier.date} has not: ${added.join(', ')}`);
  if (missing.length > 0)
    notices.push(`Not compared, as only the report of ${earlier.date} has: ${missing.join(', ')}`);
  if (earlier.settings !== report.settings)
    notices.push(
      `Settings, policies or daygate have changed since ${earlier.date}: what is new may only be newly looked for`,
    );
  const isPartial = ({ errors, coverage }: AuditReport): boolean =>
    errors.length > 0 || coverage.kinds.some(({ state }) => isUnread(state));
  if (isPartial(report)) notices.push('Not all could be audited: what is gone may only not have been seen');
  if (isPartial(earlier))
    notices.push(`Not all was audited on ${earlier.date}: what is new may only not have been seen then`);
  return notices;
}
