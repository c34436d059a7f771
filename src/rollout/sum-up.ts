import { compareTexts } from '../engine/order.ts';
import type { RefusedObject, RefusedRequests } from './refusal.ts';

/** How many objects would be refused, and when. */
export interface ObjectCounts {
  readonly objects: number;
  /** Of these: refused at their next change, too, on the day that is asked about. */
  readonly atChanges: number;
  /** Of these: refused by the settings as they are, with all that would refuse them. */
  readonly already: number;
  /** Of these: let in by the settings as they are. */
  readonly newly: number;
}

interface Share {
  readonly objects: number;
  readonly requests: number;
}

export interface OwnerShare extends Share {
  readonly owner: string;
  readonly namespaces: readonly string[];
  readonly policies: readonly string[];
}

export interface NamespaceShare extends Share {
  readonly cluster?: string;
  /** Absent for what belongs to the cluster. */
  readonly namespace?: string;
}

export interface PolicyShare extends Share {
  readonly policy: string;
  /** Findings that `daygate fix` writes away, and those that somebody mends or an exception covers. */
  readonly fixable: number;
  readonly byHand: number;
}

/** Objects whose changes are refused from a day on. */
export interface Deadline {
  readonly from: string;
  readonly objects: number;
}

export function countObjects(objects: readonly RefusedObject[]): ObjectCounts {
  return {
    objects: objects.length,
    atChanges: objects.filter(({ findings }) => findings.some(({ blocksChanges }) => blocksChanges)).length,
    already: objects.filter(({ findings }) => findings.every(({ already }) => already)).length,
    newly: objects.filter(({ newly }) => newly).length,
  };
}

/** When the tolerance for what exists ends, for objects that it still holds for. */
export function deadlinesOf(objects: readonly RefusedObject[]): readonly Deadline[] {
  const first = objects.flatMap(({ findings }) => {
    if (findings.some(({ blocksChanges }) => blocksChanges)) return [];
    return findings
      .flatMap(({ blocksFrom }) => blocksFrom ?? [])
      .sort()
      .slice(0, 1);
  });
  return [...Map.groupBy(first, (from) => from)]
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([from, { length }]) => ({ from, objects: length }));
}

/** One object, or the requests about one. */
type Refused = RefusedObject | RefusedRequests;

export function ownersOf(refused: readonly Refused[]): readonly OwnerShare[] {
  return grouped(refused, ({ owner }) => [owner]).map(({ of: [owner = ''], items }) => ({
    owner,
    ...shareOf(items),
    namespaces: distinct(items.flatMap(({ object }) => object.namespace ?? [])),
    policies: distinct(items.flatMap(({ findings }) => findings.map(({ policy }) => policy))),
  }));
}

export function namespacesOf(refused: readonly Refused[]): readonly NamespaceShare[] {
  const place = (one: Refused): readonly string[] => [
    'cluster' in one ? (one.cluster ?? '') : '',
    one.object.namespace ?? '',
  ];
  return grouped(refused, place).map(({ of: [cluster = '', namespace = ''], items }) => ({
    ...(cluster === '' ? {} : { cluster }),
    ...(namespace === '' ? {} : { namespace }),
    ...shareOf(items),
  }));
}

export function policiesOf(refused: readonly Refused[]): readonly PolicyShare[] {
  const ids = distinct(refused.flatMap(({ findings }) => findings.map(({ policy }) => policy)));
  return ids
    .map((policy) => {
      const items = refused.filter(({ findings }) => findings.some((finding) => finding.policy === policy));
      const findings = items.flatMap((one) =>
        [...one.findings].filter((finding) => finding.policy === policy),
      );
      const fixable = findings.filter((finding) => finding.fixable).length;
      return { policy, ...shareOf(items), fixable, byHand: findings.length - fixable };
    })
    .sort((a, b) => b.objects + b.requests - (a.objects + a.requests));
}

/** The largest first. */
function grouped(
  refused: readonly Refused[],
  keyOf: (one: Refused) => readonly string[],
): readonly { readonly of: readonly string[]; readonly items: readonly Refused[] }[] {
  return [...Map.groupBy(refused, (one) => JSON.stringify(keyOf(one)))]
    .map(([key, items]) => ({ key, of: keyOf(items[0] as Refused), items }))
    .sort((a, b) => b.items.length - a.items.length || compareTexts(a.key, b.key));
}

function shareOf(items: readonly Refused[]): Share {
  const requests = items.reduce((sum, one) => sum + ('requests' in one ? one.requests : 0), 0);
  return { objects: items.filter((one) => !('requests' in one)).length, requests };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
