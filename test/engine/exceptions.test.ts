import { describe, expect, it } from 'vitest';
import { judge } from '../../src/engine/judge.ts';
import type { SettingsInput } from '../../src/engine/settings.ts';
import { brief, compiled, countingMatches, now, pod, requireLimit, review } from './compile-test-settings.ts';

const bad = { name: 'app', image: 'app:latest' };
const good = { name: 'app', image: 'app:1', resources: { limits: { memory: '1Gi' } } };
const controller = { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] };
const user = { username: 'alice', groups: ['developers'] };
const owner = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d4f', uid: 'u', controller: true }];

describe('exceptions', () => {
  const exception = {
    policies: ['forbid-tag'],
    match: { namespace: 'shop', kind: 'Pod', name: 'web' },
    owner: 'ana',
    reason: 'move',
    expires: '2026-11-30',
  };

  it('take a finding out of the count, and keep it', () => {
    const { findings } = judge(compiled({ exceptions: [exception] }), review(pod(bad)));
    expect(brief(findings)[0]).toBe('audit forbid-tag spec.containers[app].image');
    expect(findings[0]?.exception).toEqual({ owner: 'ana', reason: 'move', expires: '2026-11-30' });
    expect(brief(findings)[1]).toBe('deny require-limit spec.containers[app].resources.limits.memory');
  });

  it('are matched with an object once, however many findings it has', () => {
    const policies = ['forbid-tag', 'require-limit'];
    const { known, tried } = countingMatches(compiled({ exceptions: [{ ...exception, policies }] }));
    const { findings } = judge(known, review(pod(bad, { ...bad, name: 'log' })));
    expect([findings.length, tried()]).toEqual([4, 1]);
    expect(findings.every(({ action }) => action === 'audit')).toBe(true);
  });

  it('end to the second', () => {
    const known = compiled({ exceptions: [exception] });
    const at = (time: string) =>
      judge(known, review(pod(bad), { now: Date.parse(time) })).findings[0]?.action;
    expect(at('2026-11-30T23:59:59.999Z')).toBe('audit');
    expect(at('2026-12-01T00:00:00Z')).toBe('deny');
  });

  it.each([
    [{ name: 'we' }, 'deny'],
    [{ name: 'we*' }, 'audit'],
    [{ name: 'web', namespace: 'sho?' }, 'audit'],
    [{ namespace: 'shops' }, 'deny'],
    [{ kind: 'Deployment' }, 'deny'],
  ] as const)('match exactly unless a glob is written: %j → %s', (match, action) => {
    const known = compiled({ exceptions: [{ ...exception, match }] });
    expect(judge(known, review(pod(bad))).findings[0]?.action).toBe(action);
  });

  it('of a workload cover its pods when a controller makes them or nobody asks', () => {
    const known = compiled({ exceptions: [{ ...exception, match: { kind: 'Deployment', name: 'web' } }] });
    const metadata = {
      name: 'web-5d4f-x',
      namespace: 'shop',
      labels: { 'pod-template-hash': '5d4f' },
      ownerReferences: owner,
    };
    const made = { ...pod(bad), metadata };
    expect(judge(known, review(made, { user: controller })).findings[0]?.action).toBe('audit');
    expect(judge(known, review(made)).findings[0]?.action).toBe('audit');
    expect(judge(known, review(made, { user })).findings[0]?.action).toBe('deny');
  });

  it('of a CronJob cover the pods of its Jobs', () => {
    const known = compiled({ exceptions: [{ ...exception, match: { kind: 'CronJob', name: 'backup' } }] });
    const actionFor = (job: string) => {
      const ownerReferences = [
        { apiVersion: 'batch/v1', kind: 'Job', name: job, uid: 'u', controller: true },
      ];
      const metadata = { name: `${job}-x7k2p`, namespace: 'shop', ownerReferences };
      return judge(known, review({ ...pod(bad), metadata })).findings[0]?.action;
    };
    expect(['backup-29401920', 'backup', 'backup-all', 'my-backup-29401920'].map(actionFor)).toEqual([
      'audit',
      'deny',
      'deny',
      'deny',
    ]);
  });

  describe('of a custom workload', () => {
    const argo = 'system:serviceaccount:argo-rollouts:argo-rollouts';
    const rollout = { group: 'argoproj.io', versions: ['v1alpha1'], kind: 'Rollout', resource: 'rollouts' };
    const exceptions = [{ ...exception, match: { kind: 'Rollout', name: 'web' } }];
    const labels = { 'rollouts-pod-template-hash': '5d4f' };
    const makes = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'web',
      uid: 'u',
      controller: true,
    };
    const replicaSet = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web-5d4f', namespace: 'shop', labels, ownerReferences: [makes] },
      spec: { template: { spec: { containers: [bad] } } },
    };
    const made = {
      ...pod(bad),
      metadata: { name: 'web-5d4f-x', namespace: 'shop', labels, ownerReferences: owner },
    };
    const settings = { workloads: [{ ...rollout, controller: argo }] };
    const asArgo = { user: { username: argo, groups: [] } };

    it('cover what its controller makes, and the pods of that', () => {
      const known = compiled({ ...settings, exceptions });
      const actions = (object: object, rest: Parameters<typeof review>[1] = {}) =>
        judge(known, review(object, rest)).findings.map(({ action }) => action);
      expect(actions(replicaSet, asArgo)).toEqual(['audit', 'warn']);
      expect(actions(made, { user: controller })).toEqual(['audit', 'warn']);
      expect(actions(made)).toEqual(['audit', 'deny']);
      expect(actions(replicaSet, { user })).toEqual(['deny', 'deny']);
      const unlabelled = { ...made, metadata: { ...made.metadata, labels: { 'pod-template-hash': '5d4f' } } };
      expect(actions(unlabelled)).toEqual(['deny', 'deny']);
    });

    it('do not cover it where settings do not name who makes it', () => {
      const others: readonly SettingsInput[] = [
        {},
        { workloads: [rollout] },
        { workloads: [{ ...rollout, controller: `${argo}-dashboard` }] },
        { workloads: [{ ...rollout, controller: argo, kind: 'Experiment' }] },
      ];
      for (const other of others) {
        const known = compiled(other);
        expect(judge(known, review(replicaSet, asArgo)).allowed).toBe(false);
      }
      const known = compiled(settings);
      expect(judge(known, review(replicaSet, asArgo)).findings).toMatchObject([
        { leniency: 'controller' },
        {},
      ]);
      expect(judge(known, review({ ...replicaSet, metadata: { name: 'web-5d4f' } }, asArgo)).allowed).toBe(
        false,
      );
      expect(judge(known, review(pod(bad), { ...asArgo, operation: 'UPDATE' })).allowed).toBe(false);
    });
  });

  it('of a workload cover what people change of its pods: debugging containers, too', () => {
    const known = compiled({ exceptions: [{ ...exception, match: { kind: 'Deployment', name: 'web' } }] });
    const labels = { 'pod-template-hash': '5d4f' };
    const owned = { ...pod(good), metadata: { name: 'web-5d4f-x', labels, ownerReferences: owner } };
    const spec = { containers: [good], ephemeralContainers: [{ name: 'debug', image: 'busybox:latest' }] };
    const debug = { operation: 'UPDATE', subresource: 'ephemeralcontainers', user } as const;
    const debugged = { ...owned, spec };
    expect(brief(judge(known, review(debugged, { ...debug, oldObject: owned })).findings)).toEqual([
      'audit forbid-tag spec.ephemeralContainers[debug].image',
    ]);
    // What the request itself claims proves nothing.
    const stray = { ...owned, metadata: { name: 'web-5d4f-x', labels } };
    expect(judge(known, review(debugged, { ...debug, oldObject: stray })).allowed).toBe(false);
  });

  it('that last too long, name no object or no policy are refused', () => {
    const library = [requireLimit];
    expect(() => compiled({ exceptions: [{ ...exception, expires: '2028-01-01' }] })).toThrow(
      'longer than 365 days',
    );
    expect(() => compiled({ exceptions: [{ ...exception, match: {} }] })).toThrow('at least one of');
    expect(() => compiled({ exceptions: [exception] }, {}, library)).toThrow('there is no policy forbid-tag');
    expect(now).toBeGreaterThan(0);
  });
});
