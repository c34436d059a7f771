import type { AuditReport, TrendPoint } from './audit-report.ts';
import { trendPoint } from './trend-point.ts';

/** The numbers of a day, of all clusters together. */
export type Point = Omit<TrendPoint, 'cluster'>;

/** The report before this one, all clusters together. */
export function earlierPoint(report: AuditReport): Point | undefined {
  return trendByDay(report).at(-2);
}

/**
 * A point for each day, this report's last. Of several clusters the latest numbers of each are added, from the day on
 * that all of them are known.
 */
export function trendByDay(report: AuditReport): readonly Point[] {
  if (report.trend.length === 0) return [];
  const earlier = report.trend.filter(({ date }) => date < report.date);
  const clusters = Map.groupBy(earlier, ({ cluster }) => cluster);
  const days = [...new Set(earlier.map(({ date }) => date))].sort();
  const points = days.flatMap((date): readonly Point[] => {
    const latest = [...clusters.values()].map((own) => own.findLast((point) => point.date <= date));
    const known = latest.filter((point) => point !== undefined);
    return known.length < clusters.size ? [] : [added(date, known)];
  });
  return [...points, trendPoint(report)];
}

function added(date: string, points: readonly TrendPoint[]): Point {
  const sum = (measure: (point: TrendPoint) => number): number =>
    points.reduce((total, point) => total + measure(point), 0);
  const ids = new Set(points.flatMap(({ policies }) => Object.keys(policies)));
  return {
    date,
    objects: sum(({ objects }) => objects),
    deny: sum(({ deny }) => deny),
    warn: sum(({ warn }) => warn),
    excepted: sum(({ excepted }) => excepted),
    policies: Object.fromEntries([...ids].map((id) => [id, sum(({ policies }) => policies[id] ?? 0)])),
  };
}
