import { expect, it } from 'vitest';
import { builtinKinds, servicesSelecting, type KubernetesObject, type Labels } from '#sdk';
import { factsOf } from '../../src/facts/facts-of.ts';

function service(name: string, spec: object): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec } as KubernetesObject;
}

const services = [
  service('web', { selector: { app: 'web' } }),
  service('canary', { selector: { app: 'web', track: 'canary' } }),
  service('elsewhere', { type: 'ExternalName', selector: { app: 'web' } }),
  service('written-by-hand', {}),
  service('no-label', { selector: { app: '-' } }),
].map((object) => ({ object, namespace: 'shop' }));
const facts = factsOf(services, Object.values(builtinKinds));

function namesFor(labels: unknown, namespace = 'shop') {
  return servicesSelecting(labels as Labels, facts, namespace).map(({ metadata }) => metadata?.name);
}

it('finds the Services that send to pods', () => {
  expect(namesFor({ app: 'web', tier: 'front' })).toEqual(['web']);
  expect(namesFor({ app: 'web', track: 'canary' })).toEqual(['web', 'canary']);
  expect(namesFor({ app: 'web' }, 'other')).toEqual([]);
});

it('finds none for pods without labels, and for what is no labels', () => {
  for (const labels of [{}, undefined, null, 'app=web', [], { app: '-' }, { app: null }])
    expect(namesFor(labels)).toEqual([]);
});

it('keeps one list for all that have the same labels, as thousands of workloads may', () => {
  const found = (labels: Labels) => servicesSelecting(labels, facts, 'shop');
  expect(found({ app: 'web' })).toBe(found({ app: 'web' }));
  expect(found({ app: 'web', track: 'canary' })).toHaveLength(2);
});
