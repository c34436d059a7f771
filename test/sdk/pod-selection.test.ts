import { describe, expect, it } from 'vitest';
import { builtinKinds, selectedWorkloads, type KubernetesObject, type LabelSelector } from '#sdk';
import { factsOf } from '../../src/facts/facts-of.ts';

const workload = (apiVersion: string, kind: string, name: string, labels: object, namespace = 'shop') => ({
  namespace,
  object: {
    apiVersion,
    kind,
    metadata: { name },
    spec: { template: { metadata: { labels }, spec: { containers: [] } } },
  } as KubernetesObject,
});
const facts = factsOf(
  [
    workload('apps/v1', 'Deployment', 'web', { app: 'web', 'shop.example.com/tier': 'front' }),
    workload('apps/v1', 'StatefulSet', 'db', { app: 'db' }),
    workload('argoproj.io/v1alpha1', 'Rollout', 'cart', { app: 'cart' }),
    workload('apps/v1', 'Deployment', 'web', { app: 'web' }, 'other'),
  ],
  Object.values(builtinKinds),
);
const names = (selector: LabelSelector, runtimeLabels: readonly string[] = []) =>
  selectedWorkloads(selector, 'shop', facts, runtimeLabels)?.map(({ object }) => object.metadata?.name);
const labels = (matchLabels: Readonly<Record<string, string>>) => names({ matchLabels });

describe('what a selector selects', () => {
  it.each([
    ['the workload whose template has the labels', { app: 'web' }, ['web']],
    ['a custom one that settings do not map', { app: 'cart' }, ['cart']],
    ['everything where it asks for nothing', {}, ['web', 'db', 'cart']],
    ['nothing where no template has the label', { app: 'basket' }, []],
    [
      'nothing where a template has the label of a domain with another value',
      { 'shop.example.com/tier': 'back' },
      [],
    ],
    ['the StatefulSet of a pod', { app: 'db', 'statefulset.kubernetes.io/pod-name': 'db-0' }, ['db']],
    ['nothing where the pod belongs to none', { app: 'x', 'statefulset.kubernetes.io/pod-name': 'x-0' }, []],
    [
      'nobody can tell what where only controllers write it',
      { 'statefulset.kubernetes.io/pod-name': 'x-0' },
      undefined,
    ],
    ['the workload among whose pods an operator marks one', { app: 'db', 'vault-active': 'true' }, ['db']],
    ['nobody can tell what where an operator makes the pods', { 'strimzi.io/cluster': 'orders' }, undefined],
    ['nobody can tell what, whatever else is asked', { app: 'x', 'strimzi.io/cluster': 'orders' }, undefined],
  ])('is %s', (_, matchLabels, found) => {
    expect(labels(matchLabels as Readonly<Record<string, string>>)).toEqual(found);
  });

  it('counts labels that settings name as written while pods run', () => {
    expect(labels({ app: 'db', role: 'primary' })).toEqual([]);
    expect(names({ matchLabels: { app: 'db', role: 'primary' } }, ['role'])).toEqual(['db']);
    const expression = { key: 'role', operator: 'In', values: ['primary'] };
    expect(names({ matchLabels: { app: 'db' }, matchExpressions: [expression] }, ['role'])).toEqual(['db']);
  });

  it('is taken once where settings map the custom kind', () => {
    const rollout = { group: 'argoproj.io', versions: ['v1alpha1'], kind: 'Rollout', resource: 'rollouts' };
    const mapped = factsOf(
      [workload('argoproj.io/v1alpha1', 'Rollout', 'cart', { app: 'cart' })],
      [{ ...rollout, namespaced: true, template: ['spec', 'template'] }],
    );
    expect(selectedWorkloads({ matchLabels: { app: 'cart' } }, 'shop', mapped)).toHaveLength(1);
  });
});
