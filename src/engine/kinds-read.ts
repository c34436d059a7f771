import { builtinKinds, keyOfKind, type FactRef, type KindInfo, type Policy } from '#sdk';
import type { Compiled, Entry } from './compiled.ts';
import { compareTexts } from './order.ts';
import { asksFor } from './plans.ts';

/** The kinds whose objects an audit judges, and the kinds whose objects are facts for that. */
export interface KindsRead {
  readonly judged: readonly KindInfo[];
  /** May be judged as well. */
  readonly facts: readonly KindInfo[];
}

/**
 * The kinds that enabled policies read: what an audit lists, what the facts of a server are about, and what the rights
 * of both are. By group and resource, each once. A policy about any kind asks for none.
 *
 * @param profiles those that are in use; all where it is not given
 */
export function kindsRead(
  compiled: Compiled,
  profiles: Iterable<string> = compiled.profiles.keys(),
): KindsRead {
  const entries = [...new Set(profiles)].flatMap((name) => compiled.profiles.get(name)?.entries ?? []);
  const kinds = [...new Set(compiled.kinds.values())];
  const isJudged = (kind: KindInfo): boolean => entries.some(({ policy }) => judgesKind(policy, kind));
  return { judged: sorted(kinds.filter(isJudged)), facts: factKinds(compiled, entries) };
}

/**
 * The kinds that a server with `facts: cluster` watches, for the policies that it can judge by. Never Secrets: who may
 * list them, if only for their keys, has every credential of the cluster.
 */
export function watchedKinds(compiled: Compiled): readonly KindInfo[] {
  const entries = [...compiled.profiles.values()].flatMap((profile) => profile.entries);
  const served = entries.filter(({ policy }) => mayBeServed(policy) && !compiled.sandboxed.has(policy.id));
  return factKinds(compiled, served).filter((kind) => kind !== builtinKinds.Secret);
}

/** Whether a server with these settings ever has the facts that a policy cannot do without. */
export function isJudgedAtAdmission({ settings }: Compiled, policy: Policy): boolean {
  return !needsFacts(policy) || (settings.facts === 'cluster' && mayBeServed(policy));
}

export function needsFacts({ facts = [] }: Policy): boolean {
  return facts.length > 0;
}

function mayBeServed({ facts = [] }: Policy): boolean {
  return !facts.includes('Secret');
}

/** Whether a policy judges objects of the kind wherever they are, and not only requests for them. */
export function judgesKind(policy: Policy, kind: KindInfo): boolean {
  return policy.target !== 'request' && asksFor(policy, kind);
}

/** What a policy names under `facts` and `optionalFacts`. */
export function factRefs({ facts = [], optionalFacts = [] }: Policy): readonly FactRef[] {
  return [...facts, ...optionalFacts];
}

/** The kinds that policies name under `facts` and `optionalFacts`. */
export function factKinds(compiled: Compiled, entries: readonly Entry[]): readonly KindInfo[] {
  const refs = new Set(entries.flatMap(({ policy }) => factRefs(policy)));
  const kinds = [...refs].flatMap((ref): readonly KindInfo[] => {
    if (ref === 'Workload') return makersOfPods(compiled);
    const info = typeof ref === 'string' ? builtinKinds[ref] : ref;
    return [compiled.kinds.get(keyOfKind(info)) ?? info];
  });
  // Two policies may declare the same custom kind: read twice, each object would stand beside itself.
  return sorted([...new Map(kinds.map((kind) => [keyOfKind(kind), kind])).values()]);
}

/** Every kind that makes pods, those that settings map too. */
export function makersOfPods({ kinds }: Compiled): readonly KindInfo[] {
  return [...new Set(kinds.values())].filter(
    (kind) => kind.template !== undefined && kind !== builtinKinds.PodTemplate,
  );
}

function sorted(kinds: readonly KindInfo[]): readonly KindInfo[] {
  const key = ({ group, resource }: KindInfo): string => `${group}/${resource}`;
  return kinds.toSorted((a, b) => compareTexts(key(a), key(b)));
}
