import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '#sdk';
import { fixReview } from '../../src/engine/fix.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Review } from '../../src/engine/review.ts';
import { fromSandbox, runSandboxed, sandboxPlan } from '../../src/engine/sandboxed.ts';
import type { SettingsInput } from '../../src/engine/settings.ts';
import { brief, compiled, pod, problemsOf, review } from './compile-test-settings.ts';

const proxy = { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.29.0' };
const evil = { ...proxy, image: 'evil.example/istio/proxyv2:1.29.0' };
const app = { name: 'app', image: 'app:1' };
const limited = { ...app, resources: { limits: { memory: '1Gi' } } };
const user = { username: 'alice', groups: ['developers'] };
const replicaSets = { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] };

const container = { name: 'istio-proxy', image: 'istio/proxyv2:1.*' };
const exception = {
  policies: ['require-limit'],
  match: { namespace: 'shop', container },
  owner: 'mesh',
  reason: 'the injector sets none',
  expires: '2026-11-30',
};
const known = compiled({ exceptions: [exception] });
const ended = Date.parse('2026-12-02T00:00:00Z');

function deployment(...containers: readonly object[]) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { template: { spec: { containers } } },
  };
}

function judged(object: object, rest: Partial<Review> = {}, settings = known): readonly string[] {
  return brief(judge(settings, review(object, rest)).findings);
}

describe('an exception for a container', () => {
  const lacks = (name: string) => `require-limit spec.containers[${name}].resources.limits.memory`;

  it('covers what is found on that container, and nothing on others', () => {
    expect(judged(pod(app, proxy))).toEqual([`deny ${lacks('app')}`, `audit ${lacks('istio-proxy')}`]);
    expect(judged(deployment(app, proxy))).toEqual([
      'deny require-limit spec.template.spec.containers[app].resources.limits.memory',
      'audit require-limit spec.template.spec.containers[istio-proxy].resources.limits.memory',
    ]);
    const { findings } = judge(known, review(pod(proxy)));
    expect(findings[0]?.exception).toEqual({
      owner: 'mesh',
      reason: exception.reason,
      expires: '2026-11-30',
    });
    expect(findings[0]?.coveredBy).toEqual([0]);
  });

  it.each([
    ['another name', { ...proxy, name: 'proxy' }],
    ['another image', evil],
    ['no image', { name: 'istio-proxy' }],
    ['no name', { image: proxy.image }],
    ['an image that is no text', { ...proxy, image: { toString: () => proxy.image } }],
  ])('covers none with %s', (_, other) => {
    expect(judge(known, review(pod(other))).allowed).toBe(false);
  });

  it('covers no policy, namespace or day but those it names', () => {
    const latest = { ...proxy, image: 'istio/proxyv2:latest' };
    const all = compiled({
      exceptions: [{ ...exception, match: { container: { ...container, image: 'istio/proxyv2:*' } } }],
    });
    expect(judged(pod(latest), {}, all)).toEqual([
      'deny forbid-tag spec.containers[istio-proxy].image',
      `audit ${lacks('istio-proxy')}`,
    ]);
    expect(judged(pod(proxy), { namespace: 'web' })).toEqual([`deny ${lacks('istio-proxy')}`]);
    expect(judged(pod(proxy), { now: ended })).toEqual([`deny ${lacks('istio-proxy')}`]);
  });

  it('covers the container in every class, debugging containers too', () => {
    const all = compiled({
      exceptions: [
        {
          ...exception,
          policies: ['forbid-tag'],
          match: { container: { name: 'istio-*', image: 'istio/proxyv2:*' } },
        },
      ],
    });
    const named = (name: string, image = 'istio/proxyv2:latest') => ({ name, image });
    const spec = {
      initContainers: [named('istio-init'), { ...named('istio-proxy'), restartPolicy: 'Always' }],
      containers: [limited],
      ephemeralContainers: [named('istio-debug'), named('istio-else', 'busybox:latest')],
    };
    expect(judged({ ...pod(), spec }, {}, all).filter((line) => line.includes('forbid-tag'))).toEqual([
      'audit forbid-tag spec.ephemeralContainers[istio-debug].image',
      'deny forbid-tag spec.ephemeralContainers[istio-else].image',
      'audit forbid-tag spec.initContainers[istio-init].image',
      'audit forbid-tag spec.initContainers[istio-proxy].image',
    ]);
    const debug = {
      operation: 'UPDATE',
      subresource: 'ephemeralcontainers',
      user,
      oldObject: pod(limited),
    } as const;
    const verdict = judge(all, review({ ...pod(limited), spec }, debug));
    expect(brief(verdict.findings)).toEqual([
      'audit forbid-tag spec.ephemeralContainers[istio-debug].image',
      'deny forbid-tag spec.ephemeralContainers[istio-else].image',
    ]);
  });

  it('covers nothing that is of the pod, though it is found while looking at the container', () => {
    const ofPod = definePolicy({
      id: 'forbid-root', category: 'security', title: 'x', severity: 'high', target: 'container', profiles: { production: 'deny' },
      params: z.strictObject({}), messages: { root: 'Root.' }, why: '', remediation: '', references: [],
      validate: ({ pod: { podSpec, at } }, { report }) => {
        if (podSpec.securityContext?.runAsUser === 0) report({ message: 'root', at: at('securityContext', 'runAsUser') });
      },
    }); // prettier-ignore
    const settings = compiled({ exceptions: [{ ...exception, policies: ['forbid-root'] }] }, {}, [ofPod]);
    const object = { ...pod(), spec: { securityContext: { runAsUser: 0 }, containers: [proxy] } };
    expect(judged(object, {}, settings)).toEqual(['deny forbid-root spec.securityContext.runAsUser']);
  });

  it('names the objects that it is about besides', () => {
    const of = (match: object) =>
      compiled({ exceptions: [{ ...exception, match: { ...match, container } }] });
    expect(judge(of({ kind: 'Deployment' }), review(deployment(proxy))).allowed).toBe(true);
    expect(judge(of({ kind: 'Deployment' }), review(pod(proxy))).allowed).toBe(false);
    expect(judge(of({ name: 'web' }), review(pod(proxy))).allowed).toBe(true);
    expect(judge(of({ name: 'other' }), review(pod(proxy))).allowed).toBe(false);
    expect(judge(of({}), review(pod(proxy))).allowed).toBe(true);
  });

  it('of a workload covers the container that was injected into its pods, and whose image is that one', () => {
    const settings = compiled({
      exceptions: [{ ...exception, match: { kind: 'Deployment', name: 'web', container } }],
    });
    const metadata = {
      name: 'web-5d4f-x',
      namespace: 'shop',
      labels: { 'pod-template-hash': '5d4f' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d4f', uid: 'u', controller: true },
      ],
    };
    const made = (...containers: readonly object[]) => ({ ...pod(...containers), metadata });
    const actions = (object: object, rest: Partial<Review> = {}) =>
      judge(settings, review(object, rest)).findings.map(({ action }) => action);
    expect(actions(made(limited, proxy))).toEqual(['audit']);
    expect(actions(made(limited, proxy), { user: replicaSets })).toEqual(['audit']);
    expect(actions(made(limited, evil))).toEqual(['deny']);
    // A person's pod that only says whose it is.
    expect(actions(made(limited, proxy), { user })).toEqual(['deny']);
  });

  it.each([
    ['a Pod', pod],
    ['a Deployment', deployment],
  ])('lets no other image into %s later', (_, make) => {
    const update = (object: object, oldObject: object, rest: Partial<Review> = {}, settings = known) =>
      judge(settings, review(object, { operation: 'UPDATE', oldObject, user, ...rest }));
    expect(update(make(evil), make(proxy)).allowed).toBe(false);
    // Nor once it has ended, while what it let in stays as it is.
    expect(update(make(evil), make(proxy), { now: ended }).allowed).toBe(false);
    const changed = { args: ['--debug'] };
    const same = update(make({ ...proxy, ...changed }), make(proxy), { now: ended });
    expect(same.findings.map(({ leniency }) => leniency)).toEqual(['old-object']);
    // What an object had without any exception, it may keep.
    expect(
      update(make({ ...evil, ...changed }), make(evil)).findings.map(({ leniency }) => leniency),
    ).toEqual(['old-object']);
    expect(update(make(evil), make(proxy), {}, compiled()).allowed).toBe(true);
    // The newer image is let off as well.
    const newer = update(make({ ...proxy, image: 'istio/proxyv2:1.30.0' }), make(proxy));
    expect(newer.findings.map(({ action }) => action)).toEqual(['audit']);
  });

  it('lets no other image in, either, where an exception for the whole object has ended', () => {
    const whole = { ...exception, match: { namespace: 'shop' }, expires: '2026-11-20' };
    const settings = compiled({ exceptions: [whole, exception] });
    const update = { operation: 'UPDATE', oldObject: pod(proxy), user } as const;
    expect(judge(settings, review(pod(evil), update)).allowed).toBe(false);
  });

  it('goes by the position in the list, whatever else is called the same', () => {
    expect(judged(pod(evil, proxy))).toEqual([
      `audit ${lacks('istio-proxy#2')}`,
      `deny ${lacks('istio-proxy')}`,
    ]);
  });

  it('covers what policies of the sandbox say of the container', () => {
    const settings: SettingsInput = { exceptions: [exception] };
    const serving = compiled(settings, { sandboxed: new Set(['require-limit']) });
    const asked = review(pod(app, proxy));
    const plan = sandboxPlan(serving, asked);
    const said = plan === undefined ? undefined : runSandboxed(compiled(), plan, asked, 0);
    const reports = said === undefined ? [] : [said];
    const { findings } = judge(serving, asked, { elsewhere: fromSandbox(serving, asked, reports) });
    expect(brief(findings)).toEqual([`deny ${lacks('app')}`, `audit ${lacks('istio-proxy')}`]);
  });

  it('keeps fixes away from that container alone', () => {
    const settings: SettingsInput = {
      exceptions: [exception],
      policies: { 'require-limit': { fix: true, params: { value: '1Gi' } } },
    };
    const { patch, applied, dropped } = fixReview(compiled(settings), review(pod(proxy, app)), 'admission');
    expect(patch.map(({ path }) => path)).toEqual(['/spec/containers/1/resources']);
    expect([applied, dropped]).toEqual([['require-limit'], []]);
    expect(fixReview(compiled(settings), review(pod(proxy)), 'admission').patch).toEqual([]);
  });

  it('keeps a fix of the whole pod away from it, too', () => {
    const pause = definePolicy({
      id: 'require-pause', category: 'probes', title: 'x', severity: 'low', target: 'podSpec', profiles: { production: 'deny' },
      params: z.strictObject({}), messages: { none: 'None.' }, why: '', remediation: '', references: [],
      validate: ({ containers }, { report }) => {
        for (const { container: { workingDir }, at } of containers)
          if (workingDir === undefined) report({ message: 'none', at: at('workingDir') });
      },
      fix: {
        safety: 'safe', resolves: ['none'],
        apply: (draft) => {
          for (const one of draft.containers ?? []) one.workingDir ??= '/';
        },
      },
    }); // prettier-ignore
    const settings = compiled({ exceptions: [{ ...exception, policies: ['require-pause'] }] }, {}, [pause]);
    const { patch, applied } = fixReview(settings, review(pod(proxy, app)), 'all');
    expect(patch.map(({ path }) => path)).toEqual(['/spec/containers/1/workingDir']);
    expect(applied).toEqual(['require-pause']);
  });

  it('needs name and image, and an image that says which', () => {
    const parts = [{ name: 'istio-proxy' }, { image: 'istio/proxyv2:1.*' }];
    for (const part of parts)
      expect(() =>
        compiled({ exceptions: [{ ...exception, match: { container: part as never } }] }),
      ).toThrow();
    const of = (image: string) =>
      problemsOf({ exceptions: [{ ...exception, match: { container: { name: 'istio-proxy', image } } }] });
    expect(of('*')).toEqual([
      expect.stringContaining(
        'exceptions.0.match.container.image: expected a registry or a repository first',
      ),
    ]);
    expect(of('istio/proxyv2')).toEqual([expect.stringContaining('istio/proxyv2:* is for every tag')]);
    expect(of('istio/proxyv2:*')).toEqual([]);
  });
});
