import type { ObjectReference } from '../../../engine/review.ts';
import { objectKey, type Readiness } from '../readiness.ts';

/** Where the findings of an object are on the page: the same in every report about it, so that links stay good. */
export type AnchorOf = (object: ObjectReference, cluster: string | undefined) => string | undefined;

export function anchorsOf(all: readonly Readiness[]): AnchorOf {
  const anchors = new Map<string, string>();
  const taken = new Set<string>();
  for (const { object, findings } of all) {
    if (findings.length === 0) continue;
    const { cluster, namespace, kind, name } = object;
    const wanted = [cluster, namespace, kind, name].filter((part) => part !== undefined).join('/');
    // `=` is for filters.
    const clean = `at/${wanted.replace(/[^\w./:-]/g, '_')}`;
    let anchor = clean;
    for (let copy = 2; taken.has(anchor); copy++) anchor = `${clean}~${copy}`;
    taken.add(anchor);
    anchors.set(objectKey(object, cluster), anchor);
  }
  return (object, cluster) => anchors.get(objectKey(object, cluster));
}
