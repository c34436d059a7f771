import type { ObjectReference } from './review.ts';

/** By code units: the same on every machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By namespace, kind and name; what is in no namespace comes first. */
export function compareReferences(a: ObjectReference, b: ObjectReference): number {
  return (
    compareTexts(a.namespace ?? '', b.namespace ?? '') ||
    compareTexts(a.kind, b.kind) ||
    compareTexts(a.name, b.name) ||
    compareTexts(a.apiVersion, b.apiVersion)
  );
}
