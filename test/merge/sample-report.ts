import type {
  AuditException,
  AuditFinding,
  AuditObject,
  AuditReport,
} from '../../src/report/audit/audit-report.ts';
import { auditJson } from '../../src/report/audit/json.ts';
import { byFinding, byObject } from '../../src/merge/order.ts';

export const day = '2026-11-21';

/** A finding, as an audit writes it. */
export function finding(more: Partial<AuditFinding> = {}): AuditFinding {
  return {
    policy: 'require-memory-limit',
    severity: 'high',
    action: 'deny',
    message: 'app has no memory limit.',
    remediation: 'Set resources.limits.memory of app to what it needs at most.',
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
    pointer: '/spec/template/spec/containers/0/resources/limits/memory',
    locator: 'spec.template.spec.containers[app].resources.limits.memory',
    messageId: 'missing',
    fixable: false,
    ...more,
  };
}

/** An audit of one cluster, with objects for all findings. */
export function report(more: Partial<AuditReport> = {}): AuditReport {
  const findings = more.findings ?? [finding()];
  const objects = new Map<string, AuditObject>(
    findings.map(({ object }) => [
      JSON.stringify(object),
      { ...object, profile: 'production', team: 'checkout' },
    ]),
  );
  const names = new Set(findings.flatMap(({ object }) => object.namespace ?? []));
  return {
    cluster: 'prod',
    date: day,
    server: 'v1.36.3',
    kubernetes: '1.36',
    settings: 'aaaaaaaaaaaa',
    objects: [...objects.values()],
    namespaces: [...names].sort().map((name) => ({
      ...{ name, profile: 'production', enforcement: 'enforce' as const },
      objects: findings.filter(({ object }) => object.namespace === name).length,
    })),
    policies: [...new Set(findings.map(({ policy }) => policy))].sort().map((id) => ({
      ...{ id, title: `Title of ${id}`, category: 'resources' as const, severity: 'high' as const },
      ...{ why: 'Because.', references: ['https://example.com/'] },
    })),
    exceptions: [],
    coverage: {
      listed: objects.size,
      judged: objects.size,
      kinds: [{ apiVersion: 'apps/v1', kind: 'Deployment', objects: objects.size, state: 'complete' }],
      unmapped: [],
    },
    errors: [],
    skipped: [],
    notices: [],
    trend: [],
    ...more,
    findings,
  };
}

export function exception(more: Partial<AuditException> = {}): AuditException {
  return {
    ...{ owner: 'team-checkout', reason: 'moves in Q1', expires: '2027-03-31' },
    ...{ policies: ['require-replicas'], match: { namespace: 'shop' } },
    ...{ state: 'in-force', daysLeft: 131, findings: 1 },
    ...more,
  };
}

/** A report with so many findings, as a cluster with some namespaces has them. */
export function largeReport(cluster: string, findings: number, namespaces = 20): AuditReport {
  const ids = [
    'require-memory-limit',
    'require-replicas',
    'forbid-privileged',
    'require-probes',
    'forbid-latest-tag',
  ];
  const made = Array.from({ length: findings }, (_, index): AuditFinding => {
    const name = `workload-${Math.floor(index / 3)}`;
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: `team-${index % namespaces}`,
      name,
    };
    const id = ids[index % ids.length] ?? '';
    return finding({
      ...{ policy: id, object, action: index % 3 === 0 ? 'deny' : 'warn' },
      message: `app of ${name} is not as ${id} asks.`,
    });
  }).sort(byFinding);
  const { objects, ...whole } = report({ cluster, findings: made });
  return {
    ...whole,
    objects: objects
      .map((object) => ({
        ...object,
        workload: {
          ...{ replicas: 3, requests: { cpu: 0.3, memory: 402653184 }, limits: { cpu: 0, memory: 0 } },
          withoutRequests: { cpu: 0, memory: 0 },
        },
      }))
      .sort(byObject),
  };
}

/** A report as its file says it. */
export function jsonOf(given: AuditReport): string {
  return [...auditJson(given)].join('');
}
