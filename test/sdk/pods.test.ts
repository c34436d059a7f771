import { describe, expect, it } from 'vitest';
import { builtinKinds, isControlled, isMadeByWorkload, podTemplateOf } from '#sdk';

const owned = (apiVersion: unknown, kind: unknown, controller: unknown = true) =>
  ({ metadata: { ownerReferences: [{ apiVersion, kind, controller, name: 'a', uid: 'b' }] } }) as object;

describe('isMadeByWorkload', () => {
  it('knows the makers of pods, also from before they moved', () => {
    expect(isMadeByWorkload(owned('apps/v1', 'ReplicaSet'))).toBe(true);
    expect(isMadeByWorkload(owned('batch/v1', 'Job'))).toBe(true);
    expect(isMadeByWorkload(owned('extensions/v1beta1', 'Deployment'))).toBe(true);
  });

  it.each([
    ['databases.example.com/v1', 'Cluster', true],
    ['example.com/v1', 'Deployment', true],
    ['v1', 'ConfigMap', true],
    ['apps/v1', 'ReplicaSet', false],
    ['apps/v1', '__proto__', true],
    [null, 5, true],
  ])('does not take %s %s for one', (apiVersion, kind, controller) => {
    expect(isMadeByWorkload(owned(apiVersion, kind, controller))).toBe(false);
  });

  it('asks less of a maker than isControlled', () => {
    expect(isControlled(owned('databases.example.com/v1', 'Cluster') as never)).toBe(true);
    expect(isMadeByWorkload({})).toBe(false);
  });
});

describe('podTemplateOf', () => {
  it('finds the template where the kind has it, without metadata too', () => {
    const podSpec = { containers: [] };
    const labels = { app: 'web' };
    expect(podTemplateOf(builtinKinds.Pod, { metadata: { labels }, spec: podSpec })).toEqual({
      podMetadata: { labels },
      podSpec,
    });
    const job = { spec: { jobTemplate: { spec: { template: { metadata: null, spec: podSpec } } } } };
    expect(podTemplateOf(builtinKinds.CronJob, job)).toEqual({ podMetadata: {}, podSpec });
  });

  it('finds none in a kind that makes no pods, nor where something else stands', () => {
    expect(podTemplateOf(builtinKinds.Service, { spec: {} })).toBeUndefined();
    expect(podTemplateOf(builtinKinds.Job, { spec: { template: { spec: [] } } })).toBeUndefined();
  });
});
