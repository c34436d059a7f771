import type { Compiled } from '../../engine/compiled.ts';
import { day } from '../../engine/days.ts';
import type { Exception } from '../../engine/settings.ts';
import type { LocatedFinding, Report } from '../../report/report.ts';

/** A finding that an exception is about; lines and columns count from 1. */
type ExceptionHit = Pick<
  LocatedFinding,
  'policy' | 'object' | 'locator' | 'render' | 'file' | 'line' | 'column'
>;

export interface ReviewedException extends Exception {
  /** `daygate.yaml:12:5` */
  readonly place: string;
  readonly state: 'expired' | 'expiring' | 'in-force';
  /** Days that are left, the present one included; 0 and less where it has ended. */
  readonly daysLeft: number;
  /**
   * `unknown` where no manifests were given, not all could be judged, or none has a container that it is about: what is
   * injected stands in no manifest.
   */
  readonly use: 'used' | 'unused' | 'unknown';
  /** How many of the objects that were judged it, or a container of theirs, is about; null without manifests. */
  readonly objects: number | null;
  /** Those of its policies that find nothing, where others do. */
  readonly idlePolicies: readonly string[];
  readonly hits: readonly ExceptionHit[];
}

interface ReviewOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** An exception that ends within so many days is expiring. */
  readonly withinDays: number;
  readonly placeOf: (index: number) => string;
}

/** What became of each exception: when it ends, and what it hits among the manifests, if there are any. */
export function reviewExceptions(
  { exceptions }: Compiled,
  report: Report | undefined,
  { now, withinDays, placeOf }: ReviewOptions,
): readonly ReviewedException[] {
  const isKnown = report !== undefined && report.errors.length === 0;
  const silent = new Set(report?.skipped.map(({ policy }) => policy));
  const hitsOf = byException(report?.findings ?? [], ({ coveredBy }) => coveredBy);
  const objectsOf = byException(report?.judged ?? [], (judged) => judged.exceptions);
  return exceptions.map(({ exception, endsAt, isContainer }, index) => {
    const hits = (hitsOf.get(index) ?? []).map(
      ({ policy, object, locator, render, file, line, column }): ExceptionHit => ({
        policy,
        object,
        locator,
        ...(render === undefined ? {} : { render }),
        file,
        line,
        column,
      }),
    );
    const objects = report === undefined ? undefined : (objectsOf.get(index) ?? []).length;
    const daysLeft = Math.ceil((endsAt - now) / day);
    const hit = new Set(hits.map(({ policy }) => policy));
    const isAbsent = isContainer !== undefined && objects === 0;
    const canTell = isKnown && !isAbsent && !exception.policies.some((id) => silent.has(id));
    return {
      ...exception,
      place: placeOf(index),
      state: now >= endsAt ? 'expired' : daysLeft <= withinDays ? 'expiring' : 'in-force',
      daysLeft,
      use: hits.length > 0 ? 'used' : canTell ? 'unused' : 'unknown',
      objects: objects ?? null,
      idlePolicies: hits.length > 0 && canTell ? exception.policies.filter((id) => !hit.has(id)) : [],
      hits,
    };
  });
}

/** What each exception is about, by its position: going through everything for each of them is quadratic. */
function byException<T>(
  items: readonly T[],
  positions: (item: T) => readonly number[] | undefined,
): ReadonlyMap<number, readonly T[]> {
  const found = new Map<number, T[]>();
  for (const item of items) {
    for (const index of positions(item) ?? []) {
      const known = found.get(index);
      if (known === undefined) found.set(index, [item]);
      else known.push(item);
    }
  }
  return found;
}
