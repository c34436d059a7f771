import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinKinds, type KindInfo, type KubernetesObject } from '#sdk';
import { factsOf } from '../../src/facts/facts-of.ts';
import { indexedFacts } from '../../src/facts/indexed-facts.ts';
import { kindIndex } from '../../src/facts/kind-index.ts';

const { Deployment, Pod, PodDisruptionBudget, Namespace } = builtinKinds;

function pod(name: string, namespace: string, extra: object = {}): KubernetesObject {
  const spec = { containers: [{ name: 'app', image: 'app:1', env: [{ name: 'A', value: 'long' }] }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ...extra }, spec } as KubernetesObject;
}

const made = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: '1', controller: true }] }; // prettier-ignore

describe('an index of one kind', () => {
  const names = ['a', 'b', 'c'];
  const namespaces = ['shop', 'tools', undefined];
  const change = fc.record({
    verb: fc.constantFrom('put', 'drop'),
    name: fc.constantFrom(...names),
    namespace: fc.constantFrom(...namespaces),
    revision: fc.nat(9),
    look: fc.boolean(),
  });

  it('says after any changes what a list of what is left says', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const index = kindIndex(Deployment);
        const live = indexedFacts((kind) => (kind === Deployment ? { index, isKnown: true } : undefined), () => [Deployment]); // prettier-ignore
        const left = new Map<string, { object: KubernetesObject; namespace: string | undefined }>();
        for (const { verb, name, namespace, revision, look } of changes) {
          const object = {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name, ...(namespace === undefined ? {} : { namespace }), generation: revision },
            spec: { template: { spec: { containers: [{ name: 'app', image: `app:${revision}` }] } } },
          };
          const key = `${namespace ?? ''}/${name}`;
          if (verb === 'put') {
            index.put(object);
            left.set(key, { object, namespace });
          } else {
            index.drop(object);
            left.delete(key);
          }
          // What was handed out before must not be handed out again once it has changed.
          if (look) {
            index.all();
            index.within(namespace);
            index.workloads(namespace);
          }
        }
        const expected = factsOf([...left.entries()].sort().map(([, entry]) => entry), [Deployment]); // prettier-ignore
        expect(index.size()).toBe(left.size);
        expect(new Set(live.all('Deployment'))).toEqual(new Set(expected.all('Deployment')));
        for (const namespace of namespaces) {
          expect(live.list('Deployment', namespace)).toEqual(expected.list('Deployment', namespace));
          expect(live.workloads(namespace)).toEqual(expected.workloads(namespace));
          for (const name of names)
            expect(live.find('Deployment', name, namespace)).toEqual(expected.find('Deployment', name, namespace)); // prettier-ignore
        }
      }),
    );
  });

  it('hands out the same list until something changes in its namespace', () => {
    const index = kindIndex(Pod);
    index.put(pod('a', 'shop'));
    index.put(pod('b', 'tools'));
    const [shop, tools] = [index.within('shop'), index.within('tools')];
    index.put(pod('c', 'tools'));
    expect(index.within('shop')).toBe(shop);
    expect(index.within('tools')).not.toBe(tools);
    expect(index.all().map(({ metadata }) => metadata?.name)).toEqual(['a', 'b', 'c']);
  });

  it('hands out the same lists after changes that nobody asks about', () => {
    const index = kindIndex(Pod);
    index.put(pod('a', 'shop', { resourceVersion: '1' }));
    const before = [index.all(), index.within('shop'), index.workloads('shop')];
    index.put({
      ...pod('a', 'shop', { resourceVersion: '2' }),
      status: { phase: 'Running' },
    } as KubernetesObject);
    const after = [index.all(), index.within('shop'), index.workloads('shop')];
    after.forEach((list, place) => expect(list).toBe(before[place]));
    index.put(pod('a', 'shop', { labels: { app: 'web' } }));
    expect(index.within('shop')).not.toBe(before[1]);
  });

  it('keeps objects slim, and nothing of what a workload made', () => {
    const index = kindIndex(Pod);
    index.put(pod('a', 'shop', { managedFields: [{}] }));
    index.put(pod('made', 'shop', made));
    expect(index.size()).toBe(1);
    expect(JSON.stringify(index.all())).not.toMatch(/managedFields|long/);
    // A controller may adopt what was there before.
    index.put(pod('a', 'shop', made));
    expect([index.size(), index.all()]).toEqual([0, []]);
  });

  it('takes objects whose metadata is none', () => {
    const index = kindIndex(Pod);
    for (const metadata of [null, undefined, 5, { name: 5, namespace: null }, { name: '__proto__' }]) {
      const object = { apiVersion: 'v1', kind: 'Pod', metadata } as unknown as KubernetesObject;
      index.put(object);
      expect(index.within(undefined)).toHaveLength(1);
      index.drop(object);
    }
    expect(index.size()).toBe(0);
  });
});

describe('facts from indexes', () => {
  const known = (...kinds: readonly KindInfo[]) =>
    indexedFacts(
      (kind) => (kinds.includes(kind) ? { index: kindIndex(kind), isKnown: kind !== Namespace } : undefined),
      () => [Pod, Deployment],
    );

  it('say what is not followed, and what is not known any more', () => {
    const facts = known(PodDisruptionBudget, Namespace);
    expect(facts.has('PodDisruptionBudget')).toBe(true);
    expect([facts.has('Namespace'), facts.has('Service')]).toEqual([false, false]);
    expect(facts.list('Service', 'shop')).toEqual([]);
    expect(facts.find('Service', 'web', 'shop')).toBeUndefined();
  });

  it('know workloads only where all kinds that make pods are known', () => {
    expect(known(Pod).has('Workload')).toBe(false);
    expect(known(Pod, Deployment).has('Workload')).toBe(true);
  });
});
