import { createHash } from 'node:crypto';
import { policies } from '../../policies/index.ts';
import type { AuditFinding, AuditObject, AuditReport } from '../../src/report/audit/audit-report.ts';
import type { AuditFormat } from '../../src/report/audit/format-names.ts';
import { renderAudit } from '../../src/report/audit/formats.ts';
import { hostile } from './sample-reports.ts';

/** What `audit` passes along. */
export function renderSample(format: AuditFormat, report: AuditReport): string {
  const text = renderAudit(format, report, {
    version: '1.2.3',
    sha256: (text, encoding) => createHash('sha256').update(text).digest(encoding),
  });
  return typeof text === 'string' ? text : [...text].join('');
}

const used = policies
  .filter(({ profiles }) => 'baseline' in profiles)
  .map(({ id, title, category, severity, why, references }) => ({
    ...{ id, title, category, severity, why, references },
  }));

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };

export function auditFinding(changes: Partial<AuditFinding> = {}): AuditFinding {
  return {
    policy: 'require-memory-limit',
    severity: 'high',
    action: 'deny',
    message: 'app has no memory limit.',
    remediation: 'Set resources.limits.memory, for example 256Mi.',
    object: web,
    pointer: '/spec/template/spec/containers/0/resources',
    locator: 'spec.template.spec.containers[app].resources.limits.memory',
    messageId: 'missing',
    fixable: true,
    ...changes,
  };
}

export function audit(findings: readonly AuditFinding[], changes: Partial<AuditReport> = {}): AuditReport {
  const found = findings.map(({ object, cluster }): AuditObject => ({
    ...object,
    ...(cluster === undefined ? {} : { cluster }),
    profile: 'baseline',
    team: 'checkout',
    costCenter: 'cc-12',
  }));
  const ready = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'ready', profile: 'baseline' };
  const all: readonly AuditObject[] = found.some(({ cluster }) => cluster !== undefined)
    ? found
    : [...found, ready];
  const objects = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  const names = [
    ...new Set(objects.flatMap(({ namespace, cluster }) => JSON.stringify([cluster, namespace]))),
  ];
  return {
    cluster: 'prod',
    date: '2026-11-21',
    server: 'v1.36.3',
    kubernetes: '1.36',
    settings: '0123456789abcdef',
    findings,
    objects,
    namespaces: names
      .map((text) => JSON.parse(text) as [string | null, string | null])
      .flatMap(([cluster, name]) =>
        name === null
          ? []
          : [
              {
                name,
                ...(cluster === null ? {} : { cluster }),
                profile: 'baseline',
                enforcement: 'enforce' as const,
                objects: 1,
              },
            ],
      ),
    policies: used,
    exceptions: [],
    coverage: {
      listed: objects.length,
      judged: objects.length,
      kinds: [{ apiVersion: 'apps/v1', kind: 'Deployment', objects: objects.length, state: 'complete' }],
      unmapped: [],
    },
    errors: [],
    skipped: [],
    notices: [],
    trend: [],
    ...changes,
  };
}

const worker = { ...web, name: 'worker' };
const admin = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'all' };
const owner = { owner: 'team-checkout', reason: 'moves to a queue' };

/** Of everything that an audit can tell, a little. */
export const mixedAudit: AuditReport = audit(
  [
    auditFinding({
      policy: 'forbid-wildcard-rbac',
      severity: 'critical',
      object: admin,
      locator: 'rules[0]',
      fixable: false,
    }),
    auditFinding({ via: { kind: 'Pod', names: ['web-1', 'web-2', 'web-3', 'web-4'] } }),
    auditFinding({
      policy: 'require-replicas',
      messageId: 'tooFew',
      message: 'replicas is 1.',
      remediation: 'Set spec.replicas to at least 2.',
      locator: 'spec.replicas',
      action: 'warn',
      leniency: 'old-object',
      grandfatherUntil: '2027-01-01',
    }),
    auditFinding({
      policy: 'require-runbook',
      severity: 'low',
      locator: 'metadata.annotations',
      action: 'audit',
    }),
    auditFinding({
      policy: 'require-liveness-probe',
      action: 'audit',
      object: worker,
      locator: 'spec.template.spec.containers[app].livenessProbe',
      exception: { ...owner, expires: '2027-03-31' },
    }),
    // The same place twice.
    auditFinding({ message: 'app has no memory limit, again.' }),
  ],
  {
    skipped: [
      {
        policy: 'require-pod-disruption-budget',
        reason: 'needs facts of kind PodDisruptionBudget',
        objects: 12,
      },
    ],
    notices: ['Enforcement is suspended until 2026-11-22 by ops: incident 4711.'],
    upgrade: {
      from: '1.36',
      to: '1.37',
      blockedDrains: [{ namespace: 'shop', name: 'web', healthy: 2, desired: 2 }],
    },
    exceptions: [
      {
        ...{ ...owner, expires: '2027-03-31', policies: ['require-liveness-probe'] },
        ...{ match: { namespace: 'shop', name: 'worker' }, state: 'in-force', daysLeft: 131, findings: 1 },
      },
      {
        ...{ ...owner, expires: '2026-11-26', policies: ['require-replicas'], match: { kind: 'Deployment' } },
        ...{ state: 'expiring', daysLeft: 6, findings: 2 },
      },
      {
        ...{ ...owner, expires: '2026-11-01', policies: ['require-runbook'], match: { namespace: 'shop' } },
        ...{ state: 'expired', daysLeft: -20, findings: 3 },
      },
      {
        ...{ ...owner, expires: '2027-05-01', policies: ['require-runbook'], match: { namespace: 'gone' } },
        ...{ state: 'in-force', daysLeft: 161, findings: 0 },
      },
    ],
    coverage: {
      listed: 120,
      judged: 60,
      unchanged: 40,
      kinds: [
        { apiVersion: 'v1', kind: 'Pod', objects: 70, state: 'resumed' },
        { apiVersion: 'apps/v1', kind: 'Deployment', objects: 20, state: 'complete' },
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', objects: 30, state: 'complete' },
        { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', objects: 0, state: 'not-served' },
      ],
      unmapped: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', owned: 12 }],
    },
  },
);

export const cleanAudit: AuditReport = audit([]);

/** What an account without the rights for some kinds has seen. */
export const partialAudit: AuditReport = audit([], {
  errors: [{ code: 'forbidden', message: 'cannot list Secret: the account may not' }],
  exceptions: mixedAudit.exceptions,
  coverage: {
    listed: 3,
    judged: 1,
    kinds: [
      { apiVersion: 'v1', kind: 'Secret', objects: 0, state: 'forbidden' },
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', objects: 0, state: 'failed' },
      { apiVersion: 'example.com/v1', kind: 'Widget', objects: 2, state: 'removed' },
    ],
    unmapped: [],
    shard: { index: 1, of: 4 },
    only: ['shop', 'pay'],
  },
});

/** The same object in two clusters, and one that is in one only. */
export const mergedAudit: AuditReport = audit(
  [
    auditFinding({ cluster: 'east' }),
    auditFinding({ cluster: 'arn:aws:eks:eu-west-1:12:cluster/west' }),
    auditFinding({ cluster: 'east', object: admin, locator: 'rules[0]' }),
  ],
  {
    cluster: 'fleet',
    skipped: ['east', 'west'].map((cluster) => ({
      ...{ policy: 'require-pod-disruption-budget', reason: 'needs facts', objects: 3, cluster },
    })),
    objects: [
      { ...web, cluster: 'east', profile: 'baseline', team: 'checkout' },
      { ...web, cluster: 'arn:aws:eks:eu-west-1:12:cluster/west', profile: 'production', team: 'platform' },
      { ...admin, cluster: 'east', profile: 'baseline' },
    ],
    coverage: {
      listed: 3,
      judged: 3,
      kinds: ['east', 'arn:aws:eks:eu-west-1:12:cluster/west'].flatMap((cluster) => [
        { cluster, apiVersion: 'apps/v1', kind: 'Deployment', objects: 1, state: 'complete' as const },
        { cluster, apiVersion: 'v1', kind: 'Pod', objects: 0, state: 'resumed' as const },
      ]),
      unmapped: [],
    },
  },
);

const strange = { apiVersion: hostile, kind: hostile, namespace: hostile, name: hostile };

/** Texts that nobody would write by mistake, wherever a text can stand. */
export const hostileAudit: AuditReport = audit(
  [
    auditFinding({
      ...{ message: hostile, remediation: hostile, locator: hostile, pointer: hostile, object: strange },
      ...{ messageId: hostile, grandfatherUntil: hostile, cluster: hostile },
      exception: { owner: hostile, reason: hostile, expires: hostile },
      via: { kind: hostile, names: [hostile, hostile] },
    }),
    auditFinding({ message: hostile, ended: { owner: hostile, reason: hostile, expires: hostile } }),
  ],
  {
    ...{ cluster: hostile, server: hostile, kubernetes: hostile, date: hostile },
    errors: [{ code: 'failed', message: hostile }],
    skipped: [{ policy: hostile, reason: hostile, objects: 1, cluster: hostile }],
    notices: [hostile],
    upgrade: {
      ...{ from: hostile, to: hostile },
      blockedDrains: [{ cluster: hostile, namespace: hostile, name: hostile, healthy: 1, desired: 1 }],
    },
    exceptions: [
      {
        ...{ owner: hostile, reason: hostile, expires: hostile, policies: [hostile] },
        ...{ match: { namespace: hostile, kind: hostile, name: hostile } },
        ...{ state: 'expired', daysLeft: 0, findings: 0 },
      },
    ],
    coverage: {
      ...{ listed: 1, judged: 1, only: [hostile] },
      kinds: (['complete', 'resumed', 'forbidden', 'failed', 'removed', 'not-served'] as const).map(
        (state) => ({
          ...{ cluster: hostile, apiVersion: hostile, kind: hostile, objects: 1, state },
        }),
      ),
      unmapped: [{ apiVersion: hostile, kind: hostile, owned: 1 }],
    },
    seen: { facts: 'x', objects: ['y'] },
  },
);
