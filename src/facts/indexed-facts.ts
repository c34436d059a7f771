import type { BuiltinKind, CustomKind, FactOf, Facts, KindInfo } from '#sdk';
import { factKind } from './facts-of.ts';
import type { KindIndex } from './kind-index.ts';

/** What is known of a kind by now. */
export interface KnownKind {
  readonly index: KindIndex;
  /** Whether what is in it may be believed. */
  readonly isKnown: boolean;
}

/**
 * Facts that change while they are asked.
 *
 * @param find undefined for kinds that nobody follows
 * @param makers the kinds that make pods
 */
export function indexedFacts(
  find: (kind: KindInfo) => KnownKind | undefined,
  makers: () => readonly KindInfo[],
): Facts {
  const isKnown = (kind: KindInfo): boolean => find(kind)?.isKnown === true;
  const indexOf = (ref: BuiltinKind | CustomKind): KindIndex | undefined => find(factKind(ref))?.index;
  return {
    has: (ref) => (ref === 'Workload' ? makers().every(isKnown) : isKnown(factKind(ref))),
    list: <K extends BuiltinKind | CustomKind>(ref: K, namespace: string | undefined) =>
      (indexOf(ref)?.within(namespace) ?? []) as readonly FactOf<K>[],
    all: <K extends BuiltinKind | CustomKind>(ref: K) => (indexOf(ref)?.all() ?? []) as readonly FactOf<K>[],
    find: <K extends BuiltinKind | CustomKind>(ref: K, name: string, namespace: string | undefined) =>
      indexOf(ref)?.find(name, namespace) as FactOf<K> | undefined,
    workloads: (namespace) => makers().flatMap((kind) => find(kind)?.index.workloads(namespace) ?? []),
  };
}
