import { isRecord, property, type Path } from './json.ts';
import type { KubernetesObject } from './subjects.ts';

/** Where a route sends requests to. */
export interface BackendRef {
  /** Empty, or absent, for the core group. */
  readonly group?: string | null;
  /** `Service` where nothing is said. */
  readonly kind?: string | null;
  readonly name?: string | null;
  /** That of the route where nothing is said. */
  readonly namespace?: string | null;
  readonly port?: number | null;
}

/**
 * The Services that a route sends requests to, copies of requests too, and where each stands. Backends of other kinds
 * (a ServiceImport, a bucket) are left out. Never throws.
 *
 * @example
 * for (const { ref, path } of serviceRefs(route)) …
 */
export function serviceRefs(
  route: KubernetesObject,
): readonly { readonly ref: BackendRef; readonly path: Path }[] {
  const found: { ref: BackendRef; path: Path }[] = [];
  const take = (ref: unknown, path: Path): void => {
    if ((property(ref, 'group') || '') !== '' || (property(ref, 'kind') ?? 'Service') !== 'Service') return;
    found.push({ ref: ref as BackendRef, path });
  };
  const takeMirrors = (holder: unknown, path: Path): void => {
    eachRecord(holder, 'filters', (filter, index) => {
      const ref = property(property(filter, 'requestMirror'), 'backendRef');
      if (ref != null) take(ref, [...path, 'filters', index, 'requestMirror', 'backendRef']);
    });
  };
  eachRecord(property(route, 'spec'), 'rules', (rule, index) => {
    const path = ['spec', 'rules', index];
    takeMirrors(rule, path);
    eachRecord(rule, 'backendRefs', (ref, position) => {
      take(ref, [...path, 'backendRefs', position]);
      takeMirrors(ref, [...path, 'backendRefs', position]);
    });
  });
  return found;
}

function eachRecord(holder: unknown, field: string, visit: (item: object, index: number) => void): void {
  const items = property(holder, field);
  if (!Array.isArray(items)) return;
  for (const [index, item] of items.entries()) if (isRecord(item)) visit(item, index);
}
