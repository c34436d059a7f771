import { describe, expect, it } from 'vitest';
import { builtinKinds, text, workloadsSelectedBy, type KubernetesObject, type LabelSelector } from '#sdk';
import { factsOf } from '../../src/facts/facts-of.ts';

function deployment(name: string, labels: unknown, namespace = 'shop'): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { template: { metadata: { labels }, spec: { containers: [] } } },
  } as KubernetesObject;
}

const facts = factsOf(
  [
    deployment('web', { app: 'web', tier: 'front' }),
    deployment('cart', { app: 'cart', tier: 'front' }),
    deployment('empty', { app: '' }),
    deployment('bare', null),
    deployment('web', { app: 'web' }, 'staging'),
  ].map((object) => ({ object, namespace: text(object.metadata?.namespace) })),
  Object.values(builtinKinds),
);

describe('workloadsSelectedBy', () => {
  const cases: readonly (readonly [string, LabelSelector | null, readonly string[]])[] = [
    ['one label', { matchLabels: { app: 'web' } }, ['web']],
    ['all labels', { matchLabels: { tier: 'front', app: 'cart' } }, ['cart']],
    ['a label that nothing has', { matchLabels: { tier: 'front', app: 'db' } }, []],
    [
      'labels and expressions',
      {
        matchLabels: { tier: 'front' },
        matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }],
      },
      ['cart'],
    ],
    [
      'expressions alone',
      { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
      ['empty', 'bare'],
    ],
    ['the empty value', { matchLabels: { app: '' } }, ['empty']],
    ['an empty selector', {}, ['web', 'cart', 'empty', 'bare']],
    ['no selector', null, []],
  ];
  it.each(cases)('finds by %s', (_, selector, names) => {
    const found = workloadsSelectedBy(selector, facts, 'shop').map(({ object }) => object.metadata?.name);
    expect(found).toEqual(names);
  });

  it('stays in the namespace', () => {
    expect(workloadsSelectedBy({}, facts, 'staging')).toHaveLength(1);
    expect(workloadsSelectedBy({}, facts, undefined)).toEqual([]);
  });
});
