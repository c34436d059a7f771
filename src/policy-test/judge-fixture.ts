import { isDeepStrictEqual } from 'node:util';
import { builtinKinds, text, type KindInfo, type KubernetesObject, type Policy } from '#sdk';
import { compileSettings } from '../engine/compile.ts';
import type { Compiled } from '../engine/compiled.ts';
import { judge } from '../engine/judge.ts';
import type { Finding, Review, Verdict } from '../engine/review.ts';
import { settingsSchema } from '../engine/settings.ts';
import { factsOf } from '../facts/facts-of.ts';
import { schemasFor } from '../schemas/schemas.ts';
import { declaredFacts } from './declared-facts.ts';
import type { Fixture } from './fixtures.ts';

/** The time of every review in these tests. */
export const now = Date.parse('2026-11-21T12:00:00Z');

/** The custom kind that makes pods, for every policy to be tried on. */
export const rollout: KindInfo = {
  group: 'argoproj.io',
  versions: ['v1alpha1'],
  kind: 'Rollout',
  resource: 'rollouts',
  namespaced: true,
  template: ['spec', 'template'],
  scalable: true,
};

const kept = new WeakMap<Policy, Map<string, Compiled>>();

/** Compiles as `daygate check --only ID --set …` does. Throws where the fixture's parameters are wrong. */
export function compileFor(policy: Policy, fixture: Pick<Fixture, 'params' | 'kubernetes'>): Compiled {
  const key = JSON.stringify([fixture.params, fixture.kubernetes]);
  const ofPolicy = kept.get(policy) ?? new Map<string, Compiled>();
  kept.set(policy, ofPolicy);
  const compiled = ofPolicy.get(key) ?? compileLibrary([policy], fixture, policy.id);
  ofPolicy.set(key, compiled);
  return compiled;
}

/** The policies that can be on together with the one of the id: of two that say the opposite the other goes. */
export function compatible(library: readonly Policy[], id: string): readonly Policy[] {
  const chosen = library.find((policy) => policy.id === id);
  const contradicts = (a: Policy, b: Policy): boolean => a.conflictsWith?.includes(b.id) === true;
  return library.filter((policy) => {
    if (policy === chosen) return true;
    if (chosen !== undefined && (contradicts(policy, chosen) || contradicts(chosen, policy))) return false;
    return !library.some((other) => contradicts(policy, other));
  });
}

/** Compiles several policies, all of them on, with the fixture's parameters for the one with the id, where it is among them. */
export function compileLibrary(
  wanted: readonly Policy[],
  { params, kubernetes }: Pick<Fixture, 'params' | 'kubernetes'>,
  id: string,
): Compiled {
  const library = compatible(wanted, id);
  const { group, kind, resource, versions } = rollout;
  const settings = settingsSchema.parse({
    workloads: [{ group, versions, kind, resource, scalable: true }],
    ...(kubernetes === undefined ? {} : { kubernetes }),
  });
  const only = library.map((policy) => policy.id);
  const { compiled, problems } = compileSettings(settings, library, {
    now,
    only,
    set: only.includes(id) ? { [id]: params } : {},
  });
  if (problems.length > 0) {
    throw new Error(problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  return compiled;
}

/** One review per document, as `check` makes them, or as the API server would with the fixture's request. */
export function reviewsOf(
  { request, documents, kubernetes }: Fixture,
  objects = documents,
): readonly Review[] {
  const facts = factsOf(
    objects.map((object) => ({ object, namespace: text(object.metadata?.namespace) })),
    [...Object.values(builtinKinds), rollout],
  );
  // The API server has read what a request carries by its schema; `check` is given schemas instead.
  const schemas = request === undefined ? schemasFor(minorOf(kubernetes), objects) : undefined;
  const owner = request?.resourceKind ?? (request?.subresource === 'scale' ? 'Deployment' : undefined);
  const resourceKind = Object.values(builtinKinds).find(({ kind }) => kind === owner);
  return objects.map((object) => {
    const review: Review = { operation: 'CREATE', object, profile: 'production', now, facts, schemas };
    if (request === undefined) return review;
    const { user, oldObject, ...rest } = request;
    const { uid, ...known } = user ?? { username: '', groups: [], uid: undefined };
    return {
      ...review,
      operation: rest.operation,
      subresource: rest.subresource,
      namespace: rest.namespace,
      name: rest.name,
      dryRun: rest.dryRun ?? false,
      resourceKind,
      oldObject,
      user: user === undefined ? undefined : { ...known, ...(uid === undefined ? {} : { uid }) },
    };
  });
}

function minorOf(kubernetes = settingsSchema.parse({}).kubernetes): number {
  return Number(kubernetes.slice(2));
}

/** Judges all documents of a fixture with one policy. */
export function verdictsOf(
  policy: Policy,
  fixture: Fixture,
  objects: readonly KubernetesObject[] = fixture.documents,
): readonly Verdict[] {
  const compiled = compileFor(policy, fixture);
  return reviewsOf(fixture, objects).map((review) => {
    const { facts } = review;
    return judge(compiled, facts === undefined ? review : { ...review, facts: declaredFacts(policy, facts) });
  });
}

/** A finding as fixtures record it. */
export function recorded({ messageId, locator }: Finding): string {
  return `${messageId} ${locator}`;
}

/** What a policy did while it was watched. */
export interface Watch {
  readonly policy: Policy;
  readonly calls: { readonly subject: unknown; readonly params: unknown }[];
  readonly reports: { readonly subject: unknown; readonly finding: object }[];
}

/** The same policy, with a record of what it was asked and what it reported. */
export function watched(policy: Policy): Watch {
  const calls: Watch['calls'] = [];
  const reports: Watch['reports'] = [];
  return {
    calls,
    reports,
    policy: {
      ...policy,
      validate(subject, context) {
        calls.push({ subject, params: context.params });
        return policy.validate(subject, {
          params: context.params,
          report(finding) {
            reports.push({ subject, finding });
            context.report(finding);
          },
        });
      },
    },
  };
}

/** Says how two lists differ; nothing where they do not. */
export function differences(
  found: readonly string[],
  wanted: readonly string[],
  words: { readonly missing: string; readonly extra: string },
): readonly string[] {
  if (isDeepStrictEqual(found.toSorted(), wanted.toSorted())) return [];
  const left = [...found];
  const missing: string[] = [];
  for (const item of wanted) {
    const index = left.indexOf(item);
    if (index === -1) missing.push(item);
    else left.splice(index, 1);
  }
  return [
    ...missing.map((item) => `${words.missing}: ${item}`),
    ...left.map((item) => `${words.extra}: ${item}`),
  ];
}
