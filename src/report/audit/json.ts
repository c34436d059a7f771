import { jsonPieces } from '../json-text.ts';
import { summarizeAudit, type AuditReport } from './audit-report.ts';

/**
 * The JSON form of an audit, version 1: a contract (docs/audit-output.schema.json), with keys in a fixed order. In
 * pieces: that of a large cluster is as long as a pod has memory.
 */
export function auditJson(report: AuditReport): Iterable<string> {
  const { cluster, date, server, kubernetes, settings, findings, objects, namespaces } = report;
  const { clusters, profiles, policies, exceptions, coverage, errors, skipped, diff, patches } = report;
  const { upgrade, notices, trend, seen } = report;
  return jsonPieces({
    version: 1,
    kind: 'audit',
    cluster,
    date,
    server,
    kubernetes,
    settings,
    summary: summarizeAudit(report),
    clusters,
    diff,
    findings,
    patches,
    errors,
    skipped,
    coverage,
    objects,
    namespaces,
    policies,
    profiles,
    exceptions,
    upgrade,
    notices,
    trend,
    seen,
  });
}
