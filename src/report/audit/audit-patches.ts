import type { PatchOperation } from '../../engine/json-patch.ts';
import { compareReferences, compareTexts } from '../../engine/order.ts';
import type { ObjectReference } from '../../engine/review.ts';

/** What admission would patch, were it written now: objects from before a rule, or let through unpatched. */
export interface AuditPatches {
  /** Ids of the policies that fix at admission, in the profiles that were used. */
  readonly policies: readonly string[];
  /** Live objects that would be patched, each pod of a workload on its own. */
  readonly objects: number;
  /** Those of them whose change is not among the changes: there is room for 1,000. */
  readonly leftOut: number;
  /** By namespace, kind and name of the object. */
  readonly changes: readonly AuditPatch[];
}

/** The same change of one object, or of several that one object has made. */
export interface AuditPatch {
  /** The top owner. */
  readonly object: ObjectReference;
  /** Of which cluster, in a merged report. */
  readonly cluster?: string;
  /** Present where it is not the object itself that would be patched, but what it made: how many, and the first 20 names. */
  readonly via?: { readonly kind: string; readonly objects: number; readonly names: readonly string[] };
  /** Ids of the policies whose fixes it is made of. */
  readonly policies: readonly string[];
  /** Lines of YAML: `+` and `-` before what comes and goes, a space before what they stand in. */
  readonly diff: readonly string[];
  /** The same as a JSON Patch (RFC 6902). What could be a credential is `•••` in both. */
  readonly patch: readonly PatchOperation[];
}

/** How many changes a report has, of one cluster or of many. */
export const mostChanges = 1_000;

/** How many objects a change is about. */
export function objectsOf({ via }: AuditPatch): number {
  return via?.objects ?? 1;
}

export function byChange(a: AuditPatch, b: AuditPatch): number {
  return (
    compareTexts(a.cluster ?? '', b.cluster ?? '') ||
    compareReferences(a.object, b.object) ||
    compareTexts(a.via?.kind ?? '', b.via?.kind ?? '') ||
    compareTexts(JSON.stringify(a), JSON.stringify(b))
  );
}

/** Those of several reports: of all changes the first have room. */
export function joinPatches(parts: readonly AuditPatches[]): AuditPatches {
  const sum = (of: (part: AuditPatches) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const changes = parts.flatMap((part) => part.changes).sort(byChange);
  const without = changes.slice(mostChanges).reduce((total, change) => total + objectsOf(change), 0);
  return {
    policies: [...new Set(parts.flatMap(({ policies }) => policies))].sort(compareTexts),
    objects: sum(({ objects }) => objects),
    leftOut: sum(({ leftOut }) => leftOut) + without,
    changes: changes.slice(0, mostChanges),
  };
}
