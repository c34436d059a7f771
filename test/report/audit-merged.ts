import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { emptyAudit } from './audit-fixture.ts';

/** Several reports in one, as `merge` makes it. */
export function mergedReport(reports: readonly AuditReport[]): AuditReport {
  const all = <
    K extends 'findings' | 'objects' | 'namespaces' | 'skipped' | 'trend' | 'exceptions' | 'errors',
  >(
    key: K,
  ) => reports.flatMap((report) => report[key] as readonly AuditReport[K][number][]);
  return {
    ...emptyAudit,
    cluster: `${reports.length} clusters`,
    findings: all('findings'),
    objects: all('objects'),
    namespaces: all('namespaces'),
    exceptions: reports[0]?.exceptions ?? [],
    errors: all('errors'),
    skipped: all('skipped'),
    trend: all('trend'),
    coverage: {
      listed: reports.reduce((sum, { coverage }) => sum + coverage.listed, 0),
      judged: reports.reduce((sum, { coverage }) => sum + coverage.judged, 0),
      kinds: reports.flatMap(({ coverage }) => coverage.kinds),
      unmapped: [],
    },
  };
}
