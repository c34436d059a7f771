import { describe, expect, it } from 'vitest';
import { compiled, problemsOf } from './compile-test-settings.ts';

const exceptions = (kind: string) => [
  { policies: ['forbid-tag'], match: { kind }, owner: 'ana', reason: 'move', expires: '2026-11-30' },
];

describe('the kind of an exception', () => {
  it.each([
    ['Deploymnet', 'Deployment'],
    ['StatefullSet', 'StatefulSet'],
    ['DeamonSet', 'DaemonSet'],
    ['Ingres', 'Ingress'],
    ['deployment', 'Deployment'],
    ['Deployments', 'Deployment'],
    ['pods', 'Pod'],
    ['StorageClas', 'StorageClass'],
    ['Rolout', 'Rollout'],
    ['rollouts', 'Rollout'],
  ])('is refused where it is a typing error: %s', (kind, meant) => {
    const workloads = [{ group: 'argoproj.io', kind: 'Rollout', resource: 'rollouts' }];
    expect(problemsOf({ workloads, exceptions: exceptions(kind) })).toEqual([
      `exceptions.0.match.kind: there is no kind ${kind}: did you mean ${meant}?`,
    ]);
  });

  it.each(['StorageClass', 'Certificate', 'Rule', 'Egress', 'Endpoint', 'Kluster', 'ServiceClass', 'Pool'])(
    'is taken where a definition may name it so: %s',
    (kind) => {
      expect(problemsOf({ exceptions: exceptions(kind) })).toEqual([]);
    },
  );

  it.each(['Deploy*', '*', 'apps/Deployment', 'Deployment.apps', ''])(
    'is refused where no kind can be called so: %s',
    (kind) => {
      expect(() => compiled({ exceptions: exceptions(kind) })).toThrow(
        'expected a kind alone, without group or pattern',
      );
    },
  );
});
