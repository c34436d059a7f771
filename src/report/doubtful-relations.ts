import type { LocatedFinding, Report } from './report.ts';
import { count, firstOf, withoutBaselined } from './words.ts';

/**
 * The report with a notice where findings that are shown are about relations between objects, and some input could not
 * be read: the object that is missed may be in there.
 */
export function withDoubtfulRelations(
  report: Report,
  shows: (finding: LocatedFinding) => boolean = () => true,
): Report {
  const unread = new Set(
    report.errors.flatMap(({ code, file, render, message }) =>
      code === 'policy-failed' ? [] : (file ?? render ?? message),
    ),
  );
  if (unread.size === 0) return report;
  const relations = new Set(report.policies.flatMap(({ id, target }) => (target === 'relation' ? id : [])));
  const doubtful = withoutBaselined(report.findings).filter(
    (finding) => relations.has(finding.policy) && shows(finding),
  );
  if (doubtful.length === 0) return report;
  const policies = firstOf([...new Set(doubtful.map(({ policy }) => policy))], 3);
  const notice = `${count(doubtful.length, 'finding is', 'findings are')} about relations between objects and may be wrong while ${count(unread.size, 'input')} cannot be read: ${policies}`;
  return { ...report, notices: [...(report.notices ?? []), notice] };
}
