import { describe, expect, it } from 'vitest';
import type { AuditFinding } from '../../src/report/audit/audit-report.ts';
import { auditOf, object, pod, workload } from './audit-of.ts';

const ofTag = (findings: readonly AuditFinding[]): readonly unknown[] =>
  findings
    .filter(({ policy }) => policy === 'forbid-latest-tag')
    .map(({ object: { kind, name }, via, locator }) => [`${kind} ${name}`, locator, via]);

describe('what a workload made', () => {
  it('says nothing of its own where its template says it', async () => {
    const deployment = workload('Deployment', 'web');
    const replicaSet = workload('ReplicaSet', 'web-1', deployment);
    const { report } = await auditOf([
      pod('web-1-a', replicaSet),
      pod('web-1-b', replicaSet),
      replicaSet,
      deployment,
    ]);
    expect(ofTag(report.findings)).toEqual([
      ['Deployment web', 'spec.template.spec.containers[app].image', undefined],
    ]);
    expect(report.findings.filter(({ via }) => via !== undefined)).toEqual([]);
  });

  it('of an older template is told of once, with the ReplicaSet that still has it', async () => {
    const mended = { containers: [{ name: 'app', image: 'app:1.2' }] };
    const deployment = workload('Deployment', 'web', undefined, mended);
    const replicaSet = workload('ReplicaSet', 'web-1', deployment);
    const { report } = await auditOf([pod('web-1-a', replicaSet), replicaSet, deployment]);
    expect(ofTag(report.findings)).toEqual([
      [
        'Deployment web',
        'spec.template.spec.containers[app].image',
        { kind: 'ReplicaSet', names: ['web-1'] },
      ],
    ]);
  });

  it('of an owner that nobody knows is told of once, on that owner, down to its pods', async () => {
    const keeper = object('example.com/v1', 'Keeper', 'db');
    const statefulSet = workload('StatefulSet', 'db', keeper);
    const { report } = await auditOf([pod('db-0', statefulSet), pod('db-1', statefulSet), statefulSet]);
    expect(ofTag(report.findings)).toEqual([
      ['Keeper db', 'spec.template.spec.containers[app].image', { kind: 'StatefulSet', names: ['db'] }],
    ]);
    expect(report.findings.filter(({ via }) => via?.kind === 'Pod')).toEqual([]);
    expect(report.coverage.unmapped).toEqual([{ apiVersion: 'example.com/v1', kind: 'Keeper', owned: 1 }]);
  });

  it('stands for itself where its owner is gone', async () => {
    const gone = workload('ReplicaSet', 'web-1');
    const other = workload('ReplicaSet', 'other');
    const { report } = await auditOf([pod('web-1-a', gone), other]);
    expect(ofTag(report.findings)).toContainEqual(['Pod web-1-a', 'spec.containers[app].image', undefined]);
  });
});
