import type { Answers } from '../engine/answers.ts';
import type { AuditObject } from '../report/audit/audit-report.ts';

/** What policies that found nothing said, brought together under the top owner of what it is about. */
interface PassCollector {
  /** Takes what was said of an object at the top. */
  addOwn(object: AuditObject, uid: string, answers: Answers): void;
  /** Takes what was said of an object that something at the top made; `answers` is undefined where it could not be judged. */
  addMade(topUid: string, found: readonly string[], answers: Answers | undefined): void;
  /** The object with what passes: a policy that found something on one of its pods, or could not judge it, does not. */
  complete(object: AuditObject): AuditObject;
}

export function collectPasses(): PassCollector {
  const own = new Map<AuditObject, { readonly uid: string; readonly answers: Answers }>();
  const made = new Map<
    string,
    { readonly found: Set<string>; readonly notJudged: Set<string>; isUnknown: boolean }
  >();
  const shared = sharedLists();
  return {
    addOwn: (object, uid, { passes, notJudged }) => {
      own.set(object, { uid, answers: { passes: shared(passes), notJudged: shared(notJudged) } });
    },
    addMade: (topUid, found, answers) => {
      const all = made.get(topUid) ?? { found: new Set(), notJudged: new Set(), isUnknown: false };
      made.set(topUid, all);
      for (const id of found) all.found.add(id);
      for (const id of answers?.notJudged ?? []) all.notJudged.add(id);
      all.isUnknown ||= answers === undefined;
    },
    complete: (object) => {
      const known = own.get(object);
      if (known === undefined) return object;
      const below = made.get(known.uid);
      const isUnknown = (id: string): boolean =>
        below?.isUnknown === true || below?.notJudged.has(id) === true;
      const open = known.answers.passes.filter((id) => below?.found.has(id) !== true);
      const unable = [...known.answers.notJudged, ...(below?.notJudged ?? []), ...open.filter(isUnknown)];
      const notJudged = [...new Set(unable)].filter((id) => below?.found.has(id) !== true).sort();
      return {
        ...object,
        passes: shared(open.filter((id) => !isUnknown(id))),
        ...(notJudged.length === 0 ? {} : { notJudged: shared(notJudged) }),
      };
    },
  };
}

/** Gives the first of equal lists for all of them: thousands of objects pass the same policies. */
function sharedLists(): (list: readonly string[]) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (list) => {
    const key = list.join(' ');
    const first = known.get(key);
    if (first === undefined) known.set(key, list);
    return first ?? list;
  };
}
