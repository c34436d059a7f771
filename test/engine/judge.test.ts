import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { builtinKinds, definePolicy, property, type Policy } from '#sdk';
import { judge } from '../../src/engine/judge.ts';
import { brief, compiled, pod, policies, requireLimit, review } from './compile-test-settings.ts';

const bad = { name: 'app', image: 'app:latest' };
const good = { name: 'app', image: 'app:1', resources: { limits: { memory: '1Gi' } } };
const denyBoth = [
  'deny forbid-tag spec.containers[app].image',
  'deny require-limit spec.containers[app].resources.limits.memory',
];
const controller = { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] };
const user = { username: 'alice', groups: ['developers'] };
const owner = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d4f', uid: 'u', controller: true }];

function actionsOf(verdict: ReturnType<typeof judge>): readonly string[] {
  return brief(verdict.findings);
}

describe('judge', () => {
  it('reports all findings at once, with pointer and locator', () => {
    const verdict = judge(compiled(), review(pod(good, bad)));
    expect(verdict.allowed).toBe(false);
    expect(verdict.findings).toMatchObject([
      {
        policy: 'forbid-tag',
        pointer: '/spec/containers/1/image',
        locator: 'spec.containers[app#2].image',
        message: 'app uses the tag latest.',
      },
      { policy: 'require-limit', message: 'app has no limit.', remediation: 'Set one.' },
    ]);
  });

  it('finds containers wherever pod specs live, in custom kinds too', () => {
    const spec = { template: { spec: { initContainers: [bad] } } };
    const settings = {
      workloads: [{ group: 'argoproj.io', kind: 'Rollout', resource: 'rollouts', versions: ['v1alpha1'] }],
    };
    for (const [apiVersion, kind] of [
      ['apps/v1', 'Deployment'],
      ['extensions/v1beta1', 'Deployment'],
      ['argoproj.io/v1alpha1', 'Rollout'],
    ]) {
      const { findings } = judge(
        compiled(settings),
        review({ apiVersion, kind, metadata: { name: 'x' }, spec }),
      );
      expect(findings.length, kind).toBe(2);
    }
    const { skipped, allowed } = judge(
      compiled(),
      review({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec }),
    );
    expect(allowed).toBe(true);
    expect(skipped).toMatchObject([{ reason: 'no policy knows Rollout of argoproj.io/v1alpha1' }]);
  });

  it('only puts on record what a policy says is for the record', () => {
    const noted: Policy = { ...requireLimit, onRecord: ['missing'] };
    const verdict = judge(compiled({}, {}, [noted]), review(pod(bad)));
    expect(verdict.allowed).toBe(true);
    expect(actionsOf(verdict)).toEqual(['audit require-limit spec.containers[app].resources.limits.memory']);
  });

  it.each<[string, Policy['validate'], RegExp]>([
    ['returns a promise', async () => Promise.reject(new Error('hunter2')), /^failed: validate returned a promise: it has to be synchronous$/],
    ['is a generator', function* () { yield 1; }, /^failed: validate returned a generator, which nobody runs: write a plain function$/],
    ['reports a message it does not have', (_, { report }) => report({ message: 'mising', at: [] }), /^reports mising, which is none of its messages \(missing\): did you mean missing\? at judge\.test\.ts:\d+:\d+$/],
    ['reports no message', (_, { report }) => report({ message: 'Pod hunter2', at: [] }), /^reports something that is none of its messages \(missing\) at judge/],
    ['reports no place', (_, { report }) => report({ message: 'missing', at: 'spec' as never }), /^reports missing at something that is no path: at is at\('spec', …\) at judge/],
    ['reports no data', (_, { report }) => report({ message: 'missing', at: [], data: 'x' as never }), /^reports missing with data that is no table of placeholders at judge/],
  ])('names a policy that %s, once, and hides nobody else’s findings', (_, validate, says) => {
    const wrong: Policy = { ...requireLimit, id: 'require-sense', validate };
    const verdict = judge(compiled({}, {}, [wrong, ...policies]), review(pod(bad, good)));
    expect(verdict.errors).toEqual([{ policy: 'require-sense', message: expect.stringMatching(says) as string }]);
    expect(actionsOf(verdict)).toEqual(denyBoth);
  }); // prettier-ignore

  it('names a policy that leaves a placeholder open, and keeps its finding', () => {
    const wrong: Policy = { ...requireLimit, id: 'require-sense', messages: { missing: '{container} has no {thing}.' } };
    const verdict = judge(compiled({}, {}, [wrong]), review(pod(bad, good)));
    expect(verdict.errors).toMatchObject([{ message: expect.stringMatching(/^reports missing and does not say what \{thing\} is: pass it as data at /) as string }]);
    expect(verdict.findings).toMatchObject([{ message: 'app has no ?.', action: 'deny' }]);
  }); // prettier-ignore

  it('tells a policy to name in its message what only its remediation names', () => {
    const wrong: Policy = { ...requireLimit, id: 'require-sense', remediation: 'Set {thing}.' };
    const verdict = judge(compiled({}, {}, [wrong]), review(pod(bad)));
    expect(verdict.errors).toMatchObject([{ message: expect.stringMatching(/what \{thing\} is: name it in the message, too, and pass it as data at /) as string }]);
  }); // prettier-ignore

  it('names a policy that throws and hides nobody else’s findings', () => {
    const throwing = definePolicy({
      id: 'forbid-luck', category: 'security', title: 'Throw', severity: 'low', target: 'object', kinds: ['Pod'],
      profiles: { production: 'deny' }, params: z.strictObject({}), messages: { never: 'Never.' }, why: '', remediation: '', references: [],
      validate() {
        throw new TypeError('out of luck with hunter2');
      },
    }); // prettier-ignore
    const verdict = judge(compiled({}, {}, [throwing, ...policies]), review(pod(bad)));
    // Its name and place, not its words: those may quote the object.
    expect(verdict.errors).toEqual([
      {
        policy: 'forbid-luck',
        message: expect.stringMatching(/^failed with TypeError at judge\.test\.ts:\d+:\d+$/) as string,
      },
    ]);
    expect(actionsOf(verdict)).toEqual(denyBoth);
  });

  it('leaves exempt namespaces, status and objects that are being deleted alone, and says so', () => {
    const system = { ...pod(bad), metadata: { name: 'x', namespace: 'kube-system' } };
    expect(judge(compiled(), review(system)).skipped).toMatchObject([
      { reason: 'namespace kube-system is exempt' },
    ]);
    expect(judge(compiled(), review(pod(bad), { subresource: 'status' })).findings).toEqual([]);
    const ending = { ...pod(bad), metadata: { name: 'x', deletionTimestamp: '2026-11-21T00:00:00Z' } };
    expect(judge(compiled(), review(ending, { operation: 'UPDATE' })).findings).toEqual([]);
    // A deletionTimestamp that a user writes into a new object is no way around the rules.
    expect(judge(compiled(), review(ending)).findings.length).toBe(2);
  });

  it('observes instead of denying where the settings say so', () => {
    const all = compiled({ enforcement: 'observe' });
    expect(judge(all, review(pod(bad)))).toMatchObject({
      allowed: true,
      enforcement: 'observe',
      findings: [{ action: 'warn', leniency: 'observe' }, {}],
    });
    expect(judge(all, review(pod(bad)), { enforcement: 'enforce' }).allowed).toBe(false);
    const some = compiled({ enforcement: { default: 'observe', namespaces: { shop: 'enforce' } } });
    expect(judge(some, review(pod(bad))).allowed).toBe(false);
    expect(judge(some, review(pod(bad), { namespace: 'other' })).allowed).toBe(true);
    const profile = compiled({ profiles: { production: { enforcement: 'observe' } } });
    expect(judge(profile, review(pod(bad))).allowed).toBe(true);
  });

  it('judges only debugging containers through ephemeralcontainers', () => {
    const object = {
      ...pod(bad),
      spec: { containers: [bad], ephemeralContainers: [{ name: 'debug', image: 'busybox:latest' }] },
    };
    const verdict = judge(
      compiled(),
      review(object, { operation: 'UPDATE', subresource: 'ephemeralcontainers' }),
    );
    expect(actionsOf(verdict)).toEqual(['deny forbid-tag spec.ephemeralContainers[debug].image']);
  });

  it('judges a Scale as the workload it scales', () => {
    const replicas = definePolicy({
      id: 'require-two', category: 'availability', title: 'Two', severity: 'low', target: 'object', kinds: ['Deployment'],
      subresources: ['scale'], profiles: { production: 'deny' }, params: z.strictObject({}), messages: { few: '{kind} {name}' },
      why: '', remediation: '', references: [],
      validate({ object, at }, { report }) {
        if ((object.spec?.replicas ?? 1) < 2) report({ message: 'few', at: at('spec', 'replicas') });
      },
    }); // prettier-ignore
    const scale = {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { replicas: 1 },
    };
    const request = {
      operation: 'UPDATE',
      subresource: 'scale',
      resourceKind: builtinKinds.Deployment,
    } as const;
    const verdict = judge(compiled({}, {}, [replicas]), review(scale, request));
    expect(verdict.findings).toMatchObject([
      { message: 'Deployment web', object: { apiVersion: 'apps/v1', kind: 'Deployment' } },
    ]);
    const nameless = judge(compiled({}, {}, [replicas]), review({ ...scale, metadata: {} }, request));
    expect(nameless.findings).toMatchObject([{ message: 'Deployment (no name)', object: { name: '' } }]);
  });
});

describe('only new violations block', () => {
  const before = pod(bad);

  it('warns about what the old object had too, also when items have moved', () => {
    const after = pod({ name: 'proxy', image: 'proxy:1', resources: { limits: { memory: '1' } } }, bad);
    const verdict = judge(compiled(), review(after, { operation: 'UPDATE', oldObject: before, user }));
    expect(verdict.allowed).toBe(true);
    expect(verdict.findings.map(({ leniency }) => leniency)).toEqual(['old-object', 'old-object']);
  });

  it('denies what is new, and that alone', () => {
    const after = pod(bad, { ...good, name: 'new', image: 'new:latest' });
    const verdict = judge(compiled(), review(after, { operation: 'UPDATE', oldObject: before, user }));
    expect(verdict.allowed).toBe(false);
    expect(verdict.findings.filter(({ action }) => action === 'deny').map(({ locator }) => locator)).toEqual([
      'spec.containers[new].image',
    ]);
  });

  it('survive updates nested deeper than any object', () => {
    const nested = (): unknown => JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
    const oldObject = { ...before, extra: nested() };
    const after = { ...before, extra: nested(), metadata: { name: 'web', labels: { a: 'b' } } };
    const verdict = judge(compiled(), review(after, { operation: 'UPDATE', oldObject, user }));
    expect(verdict.findings.map(({ leniency }) => leniency)).toEqual(['old-object', 'old-object']);
  });

  it('until the day the settings name', () => {
    const settings = { policies: { 'forbid-tag': { grandfatherUntil: '2026-11-20' } } };
    const after = { ...before, metadata: { ...before.metadata, labels: { a: 'b' } } };
    const update = { operation: 'UPDATE', oldObject: before, user } as const;
    expect(actionsOf(judge(compiled(settings), review(after, update)))[0]).toBe(
      'deny forbid-tag spec.containers[app].image',
    );
    const earlier = { ...update, now: Date.parse('2026-11-20T23:59:59Z') };
    const tolerated = judge(compiled(settings), review(after, earlier));
    expect(tolerated).toMatchObject({ allowed: true, findings: [{ leniency: 'old-object', grandfatherUntil: '2026-11-20' }, {}] }); // prettier-ignore
    // Whatever the day, finalizers come and go.
    const bookkeeping = {
      ...before,
      metadata: { ...before.metadata, finalizers: ['x/y'] },
      status: { phase: 'Running' },
    };
    expect(judge(compiled(settings), review(bookkeeping, update))).toMatchObject({
      allowed: true,
      findings: [{ leniency: 'metadata-only' }, {}],
    });
  });
});

describe('policies about requests', () => {
  const actor = definePolicy({
    id: 'require-actor', category: 'delivery', title: 'x', severity: 'high', target: 'request', kinds: ['Pod'],
    operations: ['CREATE', 'UPDATE'], profiles: { production: 'deny' }, params: z.strictObject({}),
    messages: { actor: '{user}' }, why: '', remediation: '', references: [],
    validate({ user: { username }, at }, { report }) {
      if (username !== 'robot') report({ message: 'actor', at: at('metadata'), data: { user: username } });
    },
  }); // prettier-ignore
  const known = compiled({}, {}, [actor]);

  it('deny an update too: a request is never what the old object had', () => {
    const after = { ...pod(good), metadata: { name: 'web', labels: { a: 'b' } } };
    const update = { operation: 'UPDATE', oldObject: pod(good), user } as const;
    expect(judge(known, review(after, update)).allowed).toBe(false);
    expect(judge(known, review(after, { ...update, user: { username: 'robot', groups: [] } })).allowed).toBe(
      true,
    );
  });

  it('say nothing of what is being deleted already', () => {
    const deleting: Policy = { ...actor, operations: ['DELETE'] };
    const gone = { ...pod(good), metadata: { name: 'web', deletionTimestamp: '2026-11-21T00:00:00Z' } };
    const [first, second] = [pod(good), gone].map((object) =>
      judge(compiled({}, {}, [deleting]), review(object, { operation: 'DELETE', user })),
    );
    expect([first?.allowed, second?.allowed]).toEqual([false, true]);
    expect(second?.skipped).toMatchObject([{ reason: 'the object is being deleted' }]);
  });

  it('are skipped, and said to be, where nobody asks', () => {
    expect(judge(known, review(pod(good))).skipped).toMatchObject([
      { policy: 'require-actor', reason: 'needs to know who asks' },
    ]);
  });
});

describe('pods made by controllers', () => {
  const made = { ...pod(bad), metadata: { name: 'web-5d4f-x', namespace: 'shop', ownerReferences: owner } };

  it('are warned about: their owner was judged', () => {
    const verdict = judge(compiled(), review(made, { user: controller }));
    expect(verdict).toMatchObject({ allowed: true, findings: [{ leniency: 'controller' }, {}] });
    const shared = { username: 'system:kube-controller-manager', groups: [] };
    expect(judge(compiled(), review(made, { user: shared })).allowed).toBe(true);
  });

  it('are judged fully when anybody else makes them, whatever owner they claim', () => {
    expect(judge(compiled(), review(made, { user })).allowed).toBe(false);
    const almost = { username: 'system:serviceaccount:shop:replicaset-controller', groups: [] };
    expect(judge(compiled(), review(made, { user: almost })).allowed).toBe(false);
  });

  it('may have owner references that are none', () => {
    const odd = { ...pod(bad), metadata: { name: 'x', ownerReferences: [null, 5, {}] } };
    expect(judge(compiled(), review(odd, { user: controller })).findings.length).toBe(2);
    expect(judge(compiled(), review(odd)).findings.length).toBe(2);
  });

  it('are judged fully when the owner was not', () => {
    const orphan = {
      ...pod(bad),
      metadata: {
        name: 'x',
        ownerReferences: [{ ...owner[0], apiVersion: 'example.com/v1', kind: 'Thing' }],
      },
    };
    expect(judge(compiled(), review(orphan, { user: controller })).allowed).toBe(false);
    expect(judge(compiled(), review(pod(bad), { user: controller })).allowed).toBe(false);
  });
});

describe('fixes on the pod', () => {
  it('let nothing pass that they have nothing right to write for: nobody would refuse the pod of a controller', () => {
    const { fix } = requireLimit;
    if (fix === undefined) throw new Error('it has a fix');
    const apply: typeof fix.apply = (container, context) => {
      if (property(container, 'name') !== 'stuck') fix.apply(container, context);
    };
    const careful: Policy = { ...requireLimit, fix: { ...fix, apply } };
    const settings = { policies: { 'require-limit': { fix: true, params: { value: '1Gi' } } } };
    const containers = ['app', 'stuck'].map((name) => ({ name, image: `${name}:1` }));
    const spec = { template: { spec: { containers } } };
    const workload = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    const { findings } = judge(compiled(settings, {}, [careful]), review(workload));
    expect(
      findings.map(({ locator, action, leniency }) => [locator.slice(19, 37), action, leniency]),
    ).toEqual([
      ['containers[app].re', 'warn', 'fixed-on-pod'],
      ['containers[stuck].', 'deny', undefined],
    ]);
  });

  it('let the workload pass with a warning, and not the pod itself', () => {
    const settings = { policies: { 'require-limit': { fix: true, params: { value: '1Gi' } } } };
    const spec = { template: { spec: { containers: [{ name: 'app', image: 'app:1' }] } } };
    const workload = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    expect(judge(compiled(settings), review(workload))).toMatchObject({
      allowed: true,
      findings: [{ leniency: 'fixed-on-pod', fixable: true }],
    });
    expect(judge(compiled(settings), review(pod({ name: 'app', image: 'app:1' }))).allowed).toBe(false);
    const withoutValue = { policies: { 'require-limit': { fix: true } } };
    expect(judge(compiled(withoutValue), review(workload))).toMatchObject({
      allowed: false,
      findings: [{ fixable: false }],
    });
  });
});
