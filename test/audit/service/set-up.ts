/** The service with an audit that does what a test tells it. */
import { createAuditService, type AuditServiceOptions } from '../../../src/audit/service/audit-service.ts';
import type { History } from '../../../src/audit/service/history.ts';
import { trackProblems } from '../../../src/audit/service/problems.ts';
import { createServiceMetrics } from '../../../src/audit/service/service-metrics.ts';
import { createSite } from '../../../src/audit/service/site.ts';
import { createLogger } from '../../../src/log/log.ts';
import type { AuditReport } from '../../../src/report/audit/audit-report.ts';
import { audit, auditFinding } from '../../report/sample-audits.ts';

export const start = Date.parse('2026-11-21T18:05:00Z');
export type Earlier = Parameters<AuditServiceOptions['audit']>[0];

interface Setup {
  readonly audit?: (earlier: Earlier) => AuditReport;
  readonly publish?: AuditServiceOptions['publish'];
  readonly history?: History;
  readonly namespaces?: number;
}

export const one = audit([auditFinding()]);

/** A service whose clock stands still but for `pass`. */
export function setUp({ audit: judge = () => one, publish, history, namespaces }: Setup = {}) {
  let [log, time] = ['', start];
  const logger = createLogger({ destination: { write: (line: string) => void (log += line) } });
  const metrics = createServiceMetrics({ version: '1.2.3', everyMs: 600_000, namespaces, process: false });
  const problems = trackProblems(logger, metrics);
  const service = createAuditService({
    audit: (earlier) => new Promise((done) => done({ report: judge(earlier), calls: 7 })),
    ...{ publish, history, cluster: 'prod', problems, metrics, logger, now: () => time },
  });
  let isEnding = false;
  const site = createSite({ service, problems, metrics, isEnding: () => isEnding });
  const get = async (url: string) => {
    const { statusCode, body, headers } = await site.inject({ url });
    return { status: statusCode, body, headers };
  };
  return {
    ...{ service, site, get, problems, metrics },
    log: () => log,
    pass: (ms: number) => void (time += ms),
    end: () => void (isEnding = true),
  };
}
