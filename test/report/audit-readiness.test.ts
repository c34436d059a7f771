/** What an audit says about readiness: which section, which state, and why. */
import { describe, expect, it } from 'vitest';
import { policies as catalogue } from '../../policies/index.ts';
import type { AuditFinding, AuditObject, AuditReport } from '../../src/report/audit/audit-report.ts';
import { isReady, readinessOf, type Readiness } from '../../src/report/audit/readiness.ts';
import { scoresOf } from '../../src/report/audit/scores.ts';
import { sectionOfRecord, sectionsOf } from '../../src/report/audit/section-of.ts';
import { sections } from '../../src/report/audit/sections.ts';
import { auditPolicies, auditReport, emptyAudit } from './audit-fixture.ts';
import { mergedReport } from './audit-merged.ts';

const web: AuditObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  profile: 'production',
  team: 'storefront',
  workload: {
    replicas: 2,
    requests: { cpu: 1, memory: 2 ** 30 },
    limits: { cpu: 2, memory: 2 ** 31 },
    withoutRequests: { cpu: 0, memory: 0 },
  },
};

function found(policy: string, changes: Partial<AuditFinding> = {}): AuditFinding {
  return {
    policy,
    severity: 'high',
    action: 'deny',
    message: 'app has none.',
    remediation: 'Set it.',
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
    pointer: '/spec',
    locator: 'spec',
    messageId: 'missing',
    fixable: false,
    ...changes,
  };
}

function read(changes: Partial<AuditReport>): Readiness {
  const [one] = readinessOf({ ...emptyAudit, objects: [web], ...changes });
  if (one === undefined) throw new Error('there is an object');
  return one;
}

function standing(readiness: Readiness, section: string): Readiness['standings'][number] {
  const own = readiness.standings[sections.findIndex(({ id }) => id === section)];
  if (own === undefined) throw new Error(`there is no section ${section}`);
  return own;
}

const on = (...ids: readonly string[]) => auditPolicies.filter(({ id }) => ids.includes(id));
const exception = { owner: 'a', reason: 'b', expires: '2027-01-31' };

describe('the sections', () => {
  it('have every policy that ships, in at least one', () => {
    for (const policy of catalogue) expect(sectionsOf(policy), policy.id).not.toEqual([]);
  });

  it('name no policy that nobody has written', () => {
    const planned = [
      'forbid-shared-rwo-volume',
      'require-backup',
      'require-metrics',
      'forbid-blocking-pdb',
      'require-network-policy',
      'require-service-target',
      'require-namespace-quota',
    ];
    const known = new Set([...catalogue.map(({ id }) => id), ...planned]);
    const named = sections.flatMap(({ practices }) => practices.flatMap(({ policies }) => policies));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it.each([
    ['restore-drill', 'durability'],
    ['load-test', 'replicas'],
    ['chaos-monkey', 'replicas'],
    ['key-rotation', 'secrets'],
    ['node-drain', 'upgrades'],
    ['whatever', 'operations'],
  ])('have a place for the record %s', (record, section) => {
    expect(sections[sectionOfRecord(record)]?.id).toBe(section);
  });

  it("take a team's own policies by category", () => {
    const [section = -1] = sectionsOf({ id: 'require-blessing', category: 'images' });
    expect(sections[section]?.id).toBe('security');
  });
});

describe('a section of a workload', () => {
  it('is ready where a policy has judged it and found nothing', () => {
    const one = standing(read({ policies: on('require-replicas', 'forbid-node-pinning') }), 'replicas');
    expect(one).toMatchObject({ state: 'ready', judgedBy: 2, skipped: 0 });
  });

  it('is not visible where no policy is on, and is not ready then', () => {
    const one = read({ policies: on('require-replicas') });
    expect(standing(one, 'security').state).toBe('not-visible');
    expect(isReady(read({ policies: [] }))).toBe(false);
  });

  it('is not visible where every policy was skipped', () => {
    const objects = [{ ...web, skipped: ['require-pod-disruption-budget'] }];
    const one = read({ objects, policies: on('require-pod-disruption-budget') });
    expect(standing(one, 'deployment')).toMatchObject({ state: 'not-visible', judgedBy: 0, skipped: 1 });
  });

  it('is ready with a doubt where only some were skipped', () => {
    const objects = [{ ...web, skipped: ['require-pod-disruption-budget'] }];
    const one = read({ objects, policies: on('require-pod-disruption-budget', 'require-rolling-update') });
    expect(standing(one, 'deployment')).toMatchObject({ state: 'ready', judgedBy: 1, skipped: 1 });
  });

  it('is not visible to policies of other kinds and of other profiles', () => {
    expect(standing(read({ policies: on('require-ingress-tls') }), 'domains').state).toBe('not-visible');
    const policies = on('require-replicas').map((policy) => ({ ...policy, profiles: ['restricted'] }));
    expect(standing(read({ policies }), 'replicas').state).toBe('not-visible');
    const own = policies.map((policy) => ({ ...policy, profiles: ['production'] }));
    expect(standing(read({ policies: own }), 'replicas').state).toBe('ready');
  });

  it('is not ready where anything was found, a note too', () => {
    const findings = [found('require-replicas', { action: 'audit' })];
    const one = read({ findings, policies: on('require-replicas') });
    expect(standing(one, 'replicas')).toMatchObject({ state: 'not-ready', findings });
    expect(isReady(one)).toBe(false);
  });

  it('is under an exception where one covers all that was found', () => {
    const covered = found('require-replicas', { exception });
    const policies = on('require-replicas', 'forbid-node-pinning');
    expect(standing(read({ findings: [covered], policies }), 'replicas').state).toBe('excepted');
    const both = [covered, found('forbid-node-pinning')];
    expect(standing(read({ findings: both, policies }), 'replicas').state).toBe('not-ready');
  });

  it('is recorded with its date where there is a record, and nothing was found', () => {
    const attestations = { 'restore-drill': '2026-10-02', 'restore-test': '2026-11-02' };
    const one = standing(read({ objects: [{ ...web, attestations }] }), 'durability');
    expect(one.state).toBe('recorded');
    expect(one.records).toEqual([
      { name: 'restore-test', date: '2026-11-02' },
      { name: 'restore-drill', date: '2026-10-02' },
    ]);
  });

  it('does not become ready because records of other things are asked for', () => {
    const one = read({ policies: on('require-attestation') });
    expect(one.standings.map(({ state }) => state)).toEqual(sections.map(() => 'not-visible'));
  });

  it('is not ready where its own record is missing, and others are not', () => {
    const pointer = '/metadata/annotations/daygate.dev~1attested-restore-drill';
    const one = read({
      findings: [found('require-attestation', { pointer })],
      policies: on('require-attestation'),
    });
    expect(standing(one, 'durability').state).toBe('not-ready');
    expect(standing(one, 'replicas').state).toBe('not-visible');
  });
});

describe('what belongs together', () => {
  it('counts a finding on an object or by a policy that the report does not list', () => {
    const findings = [
      found('require-blessing', { object: { apiVersion: 'v1', kind: 'Service', name: 'x' } }),
    ];
    const all = readinessOf({ ...emptyAudit, objects: [web], findings });
    expect(all).toHaveLength(2);
    expect(all[1]?.standings.some(({ state }) => state === 'not-ready')).toBe(true);
  });

  it('tells objects of the same name apart by group and cluster', () => {
    const other = { ...web, apiVersion: 'example.com/v1' };
    const findings = [found('require-replicas'), found('require-replicas', { cluster: 'b' })];
    const objects = [web, other, { ...web, cluster: 'b' }];
    const all = readinessOf({ ...emptyAudit, objects, findings });
    expect(all.map((one) => one.findings.length)).toEqual([1, 0, 1]);
  });

  it('adds up from workloads to teams, and from teams to clusters', () => {
    const report = auditReport({ workloads: 60, findings: 200, teams: 4, namespaces: 9 });
    const teams = scoresOf(readinessOf(report));
    expect(teams.every(({ level }) => level === 'team')).toBe(true);
    const sum = (list: readonly { workloads: number; open: number }[], key: 'workloads' | 'open') =>
      list.reduce((total, one) => total + one[key], 0);
    expect(sum(teams, 'workloads')).toBe(60);
    expect(sum(teams, 'open')).toBe(report.findings.filter((one) => one.exception === undefined).length);
    for (const team of teams) expect(sum(team.parts, 'workloads')).toBe(team.workloads);
    expect(teams.map(({ deny }) => deny)).toEqual(teams.map(({ deny }) => deny).sort((a, b) => b - a));

    const clusters = ['a', 'b'].map((cluster) =>
      auditReport({ workloads: 20, findings: 60, teams: 2, namespaces: 3, cluster }),
    );
    const scores = scoresOf(readinessOf(mergedReport(clusters)));
    expect(scores.map(({ level, workloads }) => [level, workloads])).toEqual([
      ['cluster', 20],
      ['cluster', 20],
    ]);
  });
});
