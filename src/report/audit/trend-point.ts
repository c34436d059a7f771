import { compareTexts } from '../../engine/order.ts';
import { summarizeAudit, type AuditReport, type TrendPoint } from './audit-report.ts';

/** The numbers of a report, as one point of a trend. */
export function trendPoint(report: AuditReport): TrendPoint {
  const { cluster, date, findings, objects } = report;
  const { deny, warn, excepted } = summarizeAudit(report);
  const policies = new Map<string, number>();
  for (const { policy, exception } of findings)
    if (exception === undefined) policies.set(policy, (policies.get(policy) ?? 0) + 1);
  return {
    ...{ cluster, date, objects: objects.length, deny, warn, excepted },
    policies: Object.fromEntries([...policies].sort(([a], [b]) => compareTexts(a, b))),
  };
}

/** The trends of earlier reports with their own numbers, the oldest first, each day of a cluster once. */
export function trendOf(earlier: readonly AuditReport[]): readonly TrendPoint[] {
  const points = new Map<string, TrendPoint>();
  const all = [...earlier.flatMap(({ trend }) => trend), ...earlier.map(trendPoint)];
  for (const point of all) points.set(`${point.date} ${point.cluster}`, point);
  return [...points].sort(([a], [b]) => compareTexts(a, b)).map(([, point]) => point);
}
