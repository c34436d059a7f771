import { expect, it } from 'vitest';
import { builtinKinds, type KindInfo } from '#sdk';
import { factsOf } from '../../src/facts/facts-of.ts';

const spec = { template: { spec: { containers: [] } } };
const own: KindInfo = {
  kind: 'PodTemplate',
  group: 'batch.example.com',
  versions: ['v1'],
  resource: 'podtemplates',
  namespaced: true,
  template: ['spec', 'template'],
};

it('counts a mapped kind as making pods that has the name of the one of Kubernetes that does not', () => {
  const objects = [
    { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'stored' }, template: spec.template },
    { apiVersion: 'batch.example.com/v1', kind: 'PodTemplate', metadata: { name: 'made' }, spec },
  ];
  const entries = objects.map((object) => ({ object, namespace: 'shop' }));
  const facts = factsOf(entries, [...Object.values(builtinKinds), own]);
  expect(facts.workloads('shop').map(({ object }) => object.metadata?.name)).toEqual(['made']);
});
