import { describe, expect, it } from 'vitest';
import { autoscalersOf, builtinKinds, replicaRange, scaleTargetKey, text, type KubernetesObject } from '#sdk';
import { factsOf } from '../../src/facts/facts-of.ts';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

function scaler(name: string, spec: object, more: object = {}): KubernetesObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: 'shop', ...more },
    spec,
  } as KubernetesObject;
}

function scaledObject(name: string, spec: object): KubernetesObject {
  return { ...scaler(name, spec), apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' };
}

function found(...objects: KubernetesObject[]) {
  const entries = objects.map((object) => ({ object, namespace: text(object.metadata?.namespace) }));
  const facts = factsOf(entries, Object.values(builtinKinds));
  return autoscalersOf({ facts, namespace: 'shop', name: 'web', kind: builtinKinds.Deployment });
}

describe('autoscalersOf', () => {
  it('reads the defaults of both kinds', () => {
    expect(found(scaler('web', { scaleTargetRef: target }))).toMatchObject([
      { kind: 'HorizontalPodAutoscaler', name: 'web', minReplicas: 1, maxReplicas: 1 },
    ]);
    expect(found(scaledObject('web', { scaleTargetRef: { name: 'web' } }))).toMatchObject([
      { kind: 'ScaledObject', name: 'web', minReplicas: 0, maxReplicas: 100 },
    ]);
  });

  it('leaves out what KEDA keeps for a ScaledObject', () => {
    const owned = {
      ownerReferences: [{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'web' }],
    };
    const own = scaledObject('web', { scaleTargetRef: { name: 'web' } });
    expect(found(own, scaler('keda-hpa-web', { scaleTargetRef: target }))).toHaveLength(1);
    expect(found(own, scaler('any', { scaleTargetRef: target }, owned))).toHaveLength(1);
    expect(found(own, scaler('other', { scaleTargetRef: target }))).toHaveLength(2);
    const named = { advanced: { horizontalPodAutoscalerConfig: { name: 'mine' } } };
    const taken = scaledObject('web', { scaleTargetRef: { name: 'web' }, ...named });
    expect(found(taken, scaler('mine', { scaleTargetRef: target }))).toHaveLength(1);
  });

  it('reads what scales a target once, however many ask', () => {
    const facts = factsOf(
      [{ object: scaler('web', { scaleTargetRef: target }), namespace: 'shop' }],
      Object.values(builtinKinds),
    );
    const ask = () => autoscalersOf({ facts, namespace: 'shop', name: 'web', kind: builtinKinds.Deployment });
    expect(ask()).toHaveLength(1);
    expect(ask()).toBe(ask());
  });

  it('knows old groups of a kind and no other kind of that name', () => {
    const from = (more: object) => found(scaler('web', { scaleTargetRef: { ...target, ...more } }));
    expect(from({ apiVersion: 'extensions/v1beta1' })).toHaveLength(1);
    expect(from({ apiVersion: 'example.org/v1' })).toEqual([]);
    expect(from({ kind: 'StatefulSet' })).toEqual([]);
    expect(from({ name: 'cart' })).toEqual([]);
  });
});

describe('scaleTargetKey', () => {
  it('is nothing where a reference names nothing', () => {
    for (const reference of [undefined, null, 'web', [], {}, { kind: 'Deployment' }, { name: 'web' }])
      expect(scaleTargetKey(reference)).toBeUndefined();
  });
});

describe('replicaRange', () => {
  it('knows no number for what nodes or work decide about', () => {
    const spec = { replicas: 2 };
    for (const kind of [builtinKinds.DaemonSet, builtinKinds.Job, builtinKinds.CronJob])
      expect(replicaRange({ kind, object: { spec }, namespace: 'shop' }, undefined)).toBeUndefined();
    const kind = builtinKinds.Deployment;
    expect(replicaRange({ kind, object: { spec }, namespace: 'shop' }, undefined)?.most).toBe(2);
    expect(replicaRange({ kind, object: {}, namespace: 'shop' }, undefined)?.fewest).toBe(1);
  });
});
