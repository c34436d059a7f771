/** The Pod Security Standards: the table in docs/ and the policies agree, and nothing in a cluster goes round them. */
import { describe, expect, it } from 'vitest';
import { builtinKinds, type ContainerClass, type KindInfo, type KubernetesObject } from '#sdk';
import { policies } from '../../policies/index.ts';
import { controls } from '../../scripts/generate/pod-security-controls.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import { controlsOf } from '../../src/engine/controls.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Review } from '../../src/engine/review.ts';
import { settingsSchema } from '../../src/engine/settings.ts';
import { readPolicyFolder } from '../../src/policy-test/fixtures.ts';
import { now, verdictsOf } from '../../src/policy-test/judge-fixture.ts';
import {
  basePod,
  containerContext,
  containerMutations,
  listOf,
  mutate,
  mutatePod,
  nameOf,
  podMutations,
  type Mutation,
} from './pod-security-cases.ts';

const { compiled, problems } = compileSettings(settingsSchema.parse({}), policies, { now });
const levels = [
  ['pss-baseline', ['Baseline']],
  ['pss-restricted', ['Baseline', 'Restricted']],
] as const;

describe('docs/pod-security.md', () => {
  it.each(levels)(
    'names the policies of %s, which denies with each of them and has no others',
    (name, held) => {
      expect(problems).toEqual([]);
      const entries = compiled.profiles.get(name)?.entries ?? [];
      const named = controls
        .filter(({ level }) => (held as readonly string[]).includes(level))
        .flatMap((control) => control.policies);
      expect(entries.map(({ policy }) => policy.id).sort()).toEqual([...new Set(named)].sort());
      expect(new Set(entries.map(({ action }) => action))).toEqual(new Set(['deny']));
    },
  );

  it('names the controls that the policies carry', () => {
    const named = controls.flatMap(({ level, name, policies: ids }) =>
      // The page adds since when a control is in the standard.
      ids.map((id) => `${id}: Pod Security Standards: ${name.replace(/ \([\d.+]+\)$/, '')} (${level})`),
    );
    const carried = policies.flatMap((policy) =>
      (policy.controls ?? []).map((one) => `${policy.id}: ${typeof one === 'string' ? one : one.name}`),
    );
    expect(carried.sort()).toEqual(named.sort());
  });

  it.each(levels)('names controls of which %s lacks none', (name, held) => {
    const profile = compiled.profiles.get(name);
    if (profile === undefined) throw new Error(name);
    const met = profile.entries.flatMap(({ policy }) => controlsOf(policy, [profile]));
    const wanted = controls
      .filter(({ level }) => (held as readonly string[]).includes(level))
      .map((one) => `Pod Security Standards: ${one.name.replace(/ \([\d.+]+\)$/, '')} (${one.level})`);
    expect([...new Set(met)].sort()).toEqual(wanted.sort());
  });

  it('lists for every control fixtures that one of its policies fails', () => {
    for (const { name, policies: ids, category, fixtures } of controls) {
      expect(new Set(ids.map((id) => policyOf(id).category)), name).toEqual(new Set([category]));
      for (const path of fixtures) {
        const { policy, fixture } = fixtureAt(path);
        expect(ids, name).toContain(policy.id);
        expect(
          verdictsOf(policy, fixture).flatMap(({ findings }) => findings),
          path,
        ).not.toEqual([]);
      }
      expect([...new Set(fixtures.map((path) => path.split('/')[0]))].sort(), name).toEqual([...ids].sort());
    }
  });

  it('names the fields at which those policies find something, all of them and no others', () => {
    for (const { name, policies: ids, fields, fixtures } of controls) {
      const found = new Set(
        ids.flatMap((id) =>
          readPolicyFolder(policyOf(id)).fixtures.flatMap((fixture) =>
            verdictsOf(policyOf(id), fixture).flatMap((verdict) => verdict.findings.map(fieldOf)),
          ),
        ),
      );
      // A policy for two controls finds things at the fields of both.
      const others = controls
        .filter((control) => control.name !== name && control.policies.some((id) => ids.includes(id)))
        .flatMap((control) => control.fields);
      const matches = (field: string, place: string): boolean => wildcard(field).test(place);
      for (const field of fields)
        expect(
          [...found].some((place) => matches(field, place)),
          field,
        ).toBe(true);
      for (const place of found)
        expect(
          [...fields, ...others].some((field) => matches(field, place)),
          place,
        ).toBe(true);
      expect(fixtures.length, name).toBeGreaterThan(0);
    }
  });
});

function policyOf(id: string) {
  const policy = policies.find((candidate) => candidate.id === id);
  if (policy === undefined) throw new Error(`there is no policy ${id}`);
  return policy;
}

function fixtureAt(path: string) {
  const [id = '', name] = path.split('/');
  const policy = policyOf(id);
  const fixture = readPolicyFolder(policy).fixtures.find((candidate) => candidate.name === name);
  if (fixture === undefined) throw new Error(`there is no fixture ${path}`);
  return { policy, fixture };
}

/** The place of a finding as the table writes it, from the pod on. */
function fieldOf({ pointer }: { readonly pointer: string }): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const from = steps.findLastIndex((step, index) => step === 'spec' || (step === 'metadata' && steps[index - 1] === 'template')); // prettier-ignore
  const own = from === -1 ? steps : steps.slice(from);
  return own
    .join('.')
    .replace(/^spec\.(?:containers|initContainers|ephemeralContainers)\./, 'containers.')
    .replace(/^metadata\.annotations\.(.*)$/, 'metadata.annotations["$1"]')
    .replaceAll(/\.\d+(?=\.|$)/g, '[*]');
}

/** `*` stands for any one name; `[*]` is how the places are written themselves. */
function wildcard(field: string): RegExp {
  const pattern = field
    .replaceAll(/[.[\]]/g, String.raw`\$&`)
    .replaceAll('*', '[^.]*')
    .replaceAll(String.raw`\[[^.]*\]`, String.raw`\[\*\]`);
  return new RegExp(`^${pattern}$`);
}

const kinds = Object.values(builtinKinds).filter(({ template }) => template !== undefined);
const classes = Object.keys(listOf) as readonly ContainerClass[];
/** Requests that carry a pod, and whether its containers and the debugging ones among them are judged. */
const requests = [
  { operation: 'CREATE', judged: 'all' },
  { operation: 'UPDATE', judged: 'all' },
  { operation: 'UPDATE', subresource: 'ephemeralcontainers', judged: 'ephemeral' },
  { operation: 'UPDATE', subresource: 'status', judged: 'none' },
  { operation: 'UPDATE', subresource: 'resize', judged: 'none' },
  { operation: 'DELETE', judged: 'none' },
] as const;
type Request = (typeof requests)[number];

describe('a violation of pss-restricted', () => {
  it('is found in every kind of workload and container, by every request that can bring it', () => {
    let denials = 0;
    for (const mutation of containerMutations) {
      const wanted = denialsOf(podWith('app', mutation), podKind, requests[0]);
      for (const kind of kinds) {
        for (const containerClass of classes) {
          const object = wrapped(podWith(containerClass, mutation), kind);
          for (const request of requestsFor(kind)) {
            const judged =
              request.judged === 'all' || (request.judged === 'ephemeral' && containerClass === 'ephemeral');
            const found = denialsOf(object, kind, request, containerClass);
            const words = `${nameOf(mutation)} in ${containerClass} of ${kind.kind}, ${JSON.stringify(request)}`;
            expect(found, words).toEqual(judged ? wanted : []);
            denials += found.length;
          }
        }
      }
    }
    expect(denials).toBeGreaterThan(3_000);
  });

  it('of the pod is found in every kind of workload, by every request that can bring it', () => {
    let denials = 0;
    for (const mutation of podMutations) {
      const pod = basePod('pod');
      mutatePod(pod, mutation);
      const wanted = denialsOf(pod, podKind, requests[0]);
      for (const kind of kinds) {
        for (const request of requestsFor(kind)) {
          const found = denialsOf(wrapped(pod, kind), kind, request);
          expect(found, `${nameOf(mutation)} of ${kind.kind}, ${JSON.stringify(request)}`).toEqual(
            request.judged === 'all' ? wanted : [],
          );
          denials += found.length;
        }
      }
    }
    expect(denials).toBeGreaterThan(800);
  });
});

const podKind = builtinKinds.Pod;

/** Only pods have the subresources that carry a pod. */
function requestsFor(kind: KindInfo): readonly Request[] {
  return requests.filter(
    (request) => kind === podKind || !('subresource' in request) || request.subresource === 'status',
  );
}

function podWith(containerClass: ContainerClass, mutation: Mutation): KubernetesObject {
  const pod = basePod('containers');
  const container: Record<string, unknown> = {
    name: 'subject',
    image: 'registry.example.com/tools/busybox:1.37',
    ...(containerClass === 'sidecar' ? { restartPolicy: 'Always' } : {}),
    securityContext: containerContext('containers'),
  };
  mutate(container, mutation);
  const field = listOf[containerClass];
  const others = (pod.spec[field] ?? []) as readonly unknown[];
  return { ...pod, spec: { ...pod.spec, [field]: [...others, container] } } as KubernetesObject;
}

function wrapped(
  pod: KubernetesObject,
  { group, versions, kind, template = [] }: KindInfo,
): KubernetesObject {
  if (template.length === 0) return pod;
  const { spec, metadata } = pod as { readonly spec?: unknown; readonly metadata?: unknown };
  const inner = template.reduceRight<object>((content, step) => ({ [step]: content }), { metadata, spec });
  const version = versions[0] ?? 'v1';
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata,
    ...inner,
  } as KubernetesObject;
}

/** Policy, message and field of everything that is denied, wherever the pod and its containers lie. */
function denialsOf(
  object: KubernetesObject,
  kind: KindInfo,
  { operation, ...request }: Request,
  containerClass: ContainerClass = 'app',
): readonly string[] {
  const review: Review = {
    operation,
    object,
    profile: 'pss-restricted',
    now,
    ...('subresource' in request ? { subresource: request.subresource } : {}),
  };
  const prefix = (kind.template ?? []).map((step) => `${step}.`).join('');
  return judge(compiled, review)
    .findings.filter(({ action }) => action === 'deny')
    .map(({ policy, messageId, locator }) => {
      const place = locator.slice(prefix.length).replace(`${listOf[containerClass]}[subject]`, '…');
      return `${policy} ${messageId} ${locator.startsWith(prefix) ? place : locator}`;
    })
    .sort();
}
