import { isOfCluster } from '#sdk';
import type { ObjectReference } from '../engine/review.ts';
import type { LocatedFinding, Report } from './report.ts';
import { count, firstOf, withoutBaselined } from './words.ts';

/**
 * The report with notices where findings that are shown are about relations between objects, and the object that is
 * missed may be where nobody looked: in an input that could not be read, or in a namespace, where the object names none
 * and others beside it name several.
 */
export function withDoubtfulRelations(
  report: Report,
  shows: (finding: LocatedFinding) => boolean = () => true,
): Report {
  const relations = new Set(report.policies.flatMap(({ id, target }) => (target === 'relation' ? id : [])));
  const about = withoutBaselined(report.findings).filter(
    (finding) => relations.has(finding.policy) && shows(finding),
  );
  const unread = unreadInputs(report);
  const isAnywhere = namesNoneOfSeveral(report);
  const doubts = [
    {
      findings: unread === 0 ? [] : about,
      words: `relations between objects and may be wrong while ${count(unread, 'input')} cannot be read`,
    },
    {
      findings: about.filter(isAnywhere),
      words:
        'relations of objects that name no namespace and may be wrong while others name several (--namespace says which one is meant)',
    },
  ].filter(({ findings }) => findings.length > 0);
  if (doubts.length === 0) return report;
  const notices = doubts.map(({ findings, words }) => {
    const policies = firstOf([...new Set(findings.map(({ policy }) => policy))], 3);
    return `${count(findings.length, 'finding is', 'findings are')} about ${words}: ${policies}`;
  });
  return { ...report, notices: [...(report.notices ?? []), ...notices] };
}

function unreadInputs({ errors }: Report): number {
  const inputs = errors.flatMap(({ code, file, render, message }) =>
    code === 'policy-failed' ? [] : (file ?? render ?? message),
  );
  return new Set(inputs).size;
}

/** Where others name one alone, the object is related to those: see assumedNamespace. */
function namesNoneOfSeveral({ judged }: Report): (finding: LocatedFinding) => boolean {
  const beside = Map.groupBy(judged, ({ render }) => render);
  const several = new Set(
    [...beside].flatMap(([render, objects]) =>
      new Set(objects.flatMap(({ object }) => object.namespace ?? [])).size > 1 ? [render] : [],
    ),
  );
  const isNowhere = (object: ObjectReference): boolean =>
    object.namespace === undefined && !isOfCluster(object);
  return ({ object, render }) => several.has(render) && isNowhere(object);
}
