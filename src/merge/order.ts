import { compareReferences, compareTexts } from '../engine/order.ts';
import type { ObjectReference } from '../engine/review.ts';
import type { AuditFinding } from '../report/audit/audit-report.ts';

interface Placed {
  readonly cluster?: string;
}

export function byCluster(a: Placed, b: Placed): number {
  return compareTexts(a.cluster ?? '', b.cluster ?? '');
}

/** By cluster, then namespace, kind and name. */
export function byObject(a: ObjectReference & Placed, b: ObjectReference & Placed): number {
  return byCluster(a, b) || compareReferences(a, b);
}

/** As an audit sorts findings, with the cluster before. */
export function byFinding(a: AuditFinding, b: AuditFinding): number {
  return (
    byCluster(a, b) ||
    compareReferences(a.object, b.object) ||
    compareTexts(a.locator, b.locator) ||
    compareTexts(a.policy, b.policy) ||
    compareTexts(a.message, b.message) ||
    compareTexts(a.via?.kind ?? '', b.via?.kind ?? '') ||
    // What is alike in all this is sorted all the same, so that the order of arguments does not show.
    compareTexts(JSON.stringify(a), JSON.stringify(b))
  );
}
