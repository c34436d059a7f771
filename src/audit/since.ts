import { createHash } from 'node:crypto';
import type { KubernetesObject } from '#sdk';
import type { ObjectReference } from '../engine/review.ts';
import type { AuditFinding, AuditObject, AuditReport } from '../report/audit/audit-report.ts';
import type { Top } from './owners.ts';

/** What an earlier report says of objects that have not changed since. */
export interface Earlier {
  /** Whether an object was judged then, exactly as it is now. */
  has(mark: string): boolean;
  ownFindings(object: ObjectReference): readonly AuditFinding[];
  /** What was said of an object at the top because of one that it made. */
  madeFindings(top: ObjectReference, of: ObjectReference): readonly AuditFinding[];
  describe(object: ObjectReference): AuditObject | undefined;
}

/**
 * Names one state of an object in its place: the API server gives each state a resourceVersion of its own. What the
 * report says of it depends on the labels of its namespace, too, and on what owns it, which may go or become known.
 */
export function markOf(
  { metadata }: KubernetesObject,
  /** The same where the profile and the labels of its namespace are. */
  { state }: { readonly state: string },
  top: Top | undefined,
): string {
  const owner = top === undefined ? '' : `${top.uid} ${top.maker}`;
  return digestOf(`${String(metadata?.uid)} ${String(metadata?.resourceVersion)} ${state} ${owner}`).slice(
    0,
    16,
  );
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The way back to what an earlier report says; why it cannot be used, where it was judged otherwise. */
export function earlierVerdicts(
  earlier: AuditReport,
  now: Pick<AuditReport, 'cluster' | 'date' | 'settings'> & { readonly facts: string },
): Earlier | string {
  const { seen } = earlier;
  if (seen === undefined) return 'it is of a shard, or merged';
  if (earlier.cluster !== now.cluster) return `it is of the cluster ${earlier.cluster}`;
  if (earlier.settings !== now.settings) return 'settings, policies or daygate have changed';
  if (earlier.date !== now.date) return 'it is of another day, and exceptions and records end by the day';
  if (seen.facts !== now.facts) return 'objects have changed that others are judged by';
  const marks = new Set(seen.objects);
  const own = Map.groupBy(
    earlier.findings.filter(({ via }) => via === undefined),
    ({ object }) => keyOf(object),
  );
  const made = new Map<string, AuditFinding[]>();
  for (const finding of earlier.findings) {
    const { via, ...rest } = finding;
    for (const name of via?.names ?? []) {
      const key = `${keyOf(finding.object)} ${via?.kind ?? ''} ${name}`;
      const known = made.get(key);
      if (known === undefined) made.set(key, [rest]);
      else known.push(rest);
    }
  }
  const described = new Map(earlier.objects.map((object) => [keyOf(object), object]));
  return {
    has: (mark) => marks.has(mark),
    ownFindings: (object) => own.get(keyOf(object)) ?? [],
    madeFindings: (top, { kind, name }) => made.get(`${keyOf(top)} ${kind} ${name}`) ?? [],
    describe: (object) => described.get(keyOf(object)),
  };
}

function keyOf({ apiVersion, kind, namespace = '', name }: ObjectReference): string {
  return `${apiVersion} ${kind} ${namespace} ${name}`;
}
