import type { Logger } from '../../log/log.ts';
import type { AuditReport } from '../../report/audit/audit-report.ts';
import { summarizeAudit } from '../../report/audit/audit-report.ts';
import { trendOf } from '../../report/audit/trend-point.ts';
import type { Audited } from '../audit-cluster.ts';
import { parseAuditReport } from '../read-report.ts';
import type { History } from './history.ts';
import { renderPages, type Pages } from './pages.ts';
import type { Problems } from './problems.ts';
import type { ProblemStep, ServiceMetrics } from './service-metrics.ts';

export interface AuditServiceOptions {
  /** One audit. */
  readonly audit: (earlier: {
    readonly since: AuditReport | undefined;
    readonly trend: AuditReport['trend'];
  }) => Promise<Audited>;
  /** Takes each new report: PolicyReports are written here. Fails without harm to the report. */
  readonly publish?: ((report: AuditReport) => Promise<void>) | undefined;
  readonly history?: History | undefined;
  /** What the reports call the cluster. */
  readonly cluster: string;
  readonly problems: Problems;
  readonly metrics: ServiceMetrics;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface AuditService {
  /** Serves the last report of the history until there is a new one. */
  restore(): Promise<void>;
  /** Runs an audit. Whatever fails is on record, and tried again next time. */
  run(): Promise<void>;
  /** The last report; undefined before the first. */
  pages(): Pages | undefined;
}

/** How many days a trend goes back. */
const trendDays = 90;

/** Between runs it keeps what it serves and nothing else: the next run reads the JSON form that is served. */
export function createAuditService(options: AuditServiceOptions): AuditService {
  const { cluster, history, problems, metrics, logger, now } = options;
  let served: Pages | undefined;

  async function attempt(step: ProblemStep, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      problems.heal(step);
    } catch (error) {
      problems.fail(step, error);
    }
  }

  async function audited(began: number): Promise<{ readonly report: AuditReport; readonly json: Buffer }> {
    const since =
      served === undefined ? undefined : parseAuditReport(served.json.toString(), 'of the last run');
    const trend = trendOf(since === undefined ? [] : [since]).slice(-trendDays);
    const { report, calls, notSince } = await options.audit({ since, trend });
    served = renderPages(report, began);
    metrics.report(report, began);
    const { findings, deny, warn, errors } = summarizeAudit(report);
    const { listed, judged, unchanged } = report.coverage;
    const seconds = Math.round((now() - began) / 100) / 10;
    logger.info(
      { findings, deny, warn, errors, listed, judged, unchanged, calls, notSince, seconds },
      'audited',
    );
    return { report, json: served.json };
  }

  /** Whoever opens the page sees neither the log nor /readyz. */
  function sayOld(failedAt: number): void {
    if (served === undefined) return;
    const report = parseAuditReport(served.json.toString(), 'of the last run');
    const [of, failed] = [served.at, failedAt].map((time) => new Date(time).toISOString());
    const notice = `this is the audit of ${of}, and it is old: the run of ${failed} failed (${problems.reason('audit')})`;
    served = renderPages(report, served.at, notice);
  }

  return {
    pages: () => served,
    restore: async () => {
      if (history === undefined) return;
      await attempt('history', async () => {
        const passedOver = (reason: string): void =>
          logger.warn({ reason }, 'a report of the history is of no use');
        const kept = await history.last(cluster, passedOver);
        if (kept === undefined) return;
        const when = new Date(kept.at).toISOString();
        const notice = `this is the audit of ${when}: daygate was started since, and its first run has not ended`;
        served = renderPages(kept.report, kept.at, notice);
        metrics.report(kept.report, kept.at);
        logger.info({ of: when }, 'the last report of the history is served until there is a new one');
      });
    },
    run: async () => {
      const began = now();
      const seconds = (): number => (now() - began) / 1000;
      let done: Awaited<ReturnType<typeof audited>>;
      try {
        done = await audited(began);
      } catch (error) {
        metrics.run('failed', seconds());
        problems.fail('audit', error);
        try {
          sayOld(began);
        } catch {
          // What is served cannot be read again, which may be why the run failed: /readyz says so.
        }
        return;
      }
      metrics.run('ok', seconds());
      problems.heal('audit');
      const { report, json } = done;
      if (history !== undefined) await attempt('history', () => history.add(json, began));
      const { publish } = options;
      if (publish !== undefined) await attempt('policy-reports', () => publish(report));
    },
  };
}
