import {
  builtinKindInfo,
  builtinKinds,
  isBuiltinGroup,
  isCustomGroup,
  type ContainerClass,
  type KindInfo,
  type Operation,
  type Policy,
  type Schemas,
} from '#sdk';
import type { Compiled, Entry, Plan, Profile, SandboxedEntry } from './compiled.ts';
import type { Skip } from './review.ts';

export const containerClasses: readonly ContainerClass[] = ['app', 'init', 'sidecar', 'ephemeral'];

/** Container classes a container policy looks at unless it says otherwise (catalogue, container classes). */
export const defaultContainers: readonly ContainerClass[] = ['app', 'init', 'sidecar'];

/** Whether a policy looks at whatever there is. Of what it names besides, all is sent to admission; of the rest, nothing. */
export function isAboutAny({ kinds }: Policy): boolean {
  return kinds?.includes('Any') === true;
}

/** Whether a policy looks at pods, in whatever makes them. */
export function isAboutPods({ target }: Policy): boolean {
  return target === 'container' || target === 'podSpec';
}

/** Whether a policy looks at objects of the kind. */
export function looksAt(policy: Policy, kind: KindInfo): boolean {
  // Of a custom kind without a schema nothing is known that such a policy could speak about, but it must say so.
  const isAny = isAboutAny(policy) && (isBuiltinGroup(kind.group) || policy.needsSchema === true);
  return isAny || asksFor(policy, kind);
}

/** Whether objects of a kind are fetched for a policy: one about any kind sees what others have asked for. */
export function asksFor(policy: Policy, kind: KindInfo): boolean {
  if (isAboutPods(policy)) return kind.template !== undefined;
  return (policy.kinds ?? []).some((ref) => {
    if (ref === 'Workload') return kind.template !== undefined;
    if (ref === 'Any') return false;
    return typeof ref === 'string'
      ? builtinKinds[ref] === kind
      : ref.group === kind.group && ref.kind === kind.kind;
  });
}

/**
 * The lists for one kind, operation and subresource; undefined for kinds that nothing knows. With schemas at hand
 * the kinds that they describe are known, too, and every name in an API group of Kubernetes' own.
 */
export function planFor(
  compiled: Compiled,
  profile: Profile,
  kindKey: string,
  operation: Operation,
  subresource: string,
  schemas?: Schemas,
): Plan | undefined {
  const key = `${kindKey} ${operation} ${subresource}`;
  const known = profile.plans.get(key);
  if (known !== undefined) return known;
  const kind = compiled.kinds.get(kindKey) ?? (profile.looksAtAny ? otherKind(kindKey) : undefined);
  if (kind === undefined) {
    const described = profile.looksAtAny ? describedKind(kindKey, schemas) : undefined;
    return described === undefined
      ? undefined
      : makePlan(compiled, profile, described, operation, subresource);
  }
  const plan = makePlan(compiled, profile, kind, operation, subresource);
  // Bounded: a kind daygate knows, four operations, and the subresources of plansKept.
  if (plansKept.has(subresource)) profile.plans.set(key, plan);
  return plan;
}

/** A kind of Kubernetes' own that no policy names. */
function otherKind(kindKey: string): KindInfo | undefined {
  const slash = kindKey.indexOf('/');
  return builtinKindInfo(kindKey.slice(0, slash), kindKey.slice(slash + 1));
}

function describedKind(kindKey: string, schemas: Schemas | undefined): KindInfo | undefined {
  if (schemas === undefined) return undefined;
  const [group = '', kind = ''] = kindKey.split('/');
  const misspelt = { kind, group, versions: [], resource: '', namespaced: true };
  return schemas.kindOf(kindKey) ?? (isCustomGroup(group) ? undefined : misspelt);
}

const plansKept: ReadonlySet<string> = new Set([
  '',
  'scale',
  'resize',
  'ephemeralcontainers',
  'exec',
  'attach',
  'portforward',
  'proxy',
]);

/** What is said of policies that cannot do without facts, where there are none. */
function skipsWithoutFacts(relation: readonly Entry[]): readonly Skip[] {
  return relation
    .filter(({ policy: { facts = [] } }) => facts.length > 0)
    .map(({ policy }) => ({ policy: policy.id, reason: 'needs facts about other objects' }));
}

function makePlan(
  { sandboxed }: Compiled,
  profile: Profile,
  kind: KindInfo,
  operation: Operation,
  subresource: string,
): Plan {
  const changesObject = operation === 'CREATE' || operation === 'UPDATE';
  const sees = ({ policy }: Entry): boolean => {
    if (!looksAt(policy, kind)) return false;
    if (policy.target === 'request') return (policy.operations ?? []).includes(operation);
    if (!changesObject) return false;
    if (subresource === '') return true;
    if (subresource === 'ephemeralcontainers') return (policy.containers ?? []).includes('ephemeral');
    return (policy.subresources ?? []).some((name) => name === subresource);
  };
  const seeing = profile.entries.filter(sees);
  const isSandboxed = ({ policy }: Entry): boolean => sandboxed.has(policy.id);
  const entries = seeing.filter((entry) => !isSandboxed(entry));
  const of = (target: Policy['target']): readonly Entry[] =>
    entries.filter(({ policy }) => policy.target === target);
  const seesClass = ({ policy }: Entry, name: ContainerClass): boolean => {
    // On this subresource only the debugging containers change.
    if (kind.template === undefined || policy.target !== 'container') return false;
    if (subresource === 'ephemeralcontainers' && name !== 'ephemeral') return false;
    return (policy.containers ?? defaultContainers).includes(name);
  };
  const debugging = subresource === 'ephemeralcontainers';
  return {
    kind,
    containers: byClass((name) => entries.filter((entry) => seesClass(entry, name))),
    podSpec: debugging ? [] : of('podSpec'),
    object: of('object'),
    request: of('request'),
    relation: of('relation'),
    withoutFacts: skipsWithoutFacts(of('relation')),
    empty: entries.length === 0,
    sandboxed: seeing
      .filter((entry) => isSandboxed(entry) && !(debugging && entry.policy.target === 'podSpec'))
      .map((entry) => ({ entry, containers: containerClasses.filter((name) => seesClass(entry, name)) })),
  };
}

/** The plan of a fix: what is left of a plan with some of its entries. */
export function narrowPlan(plan: Plan, keep: (entry: Entry) => boolean): Plan {
  const narrowed = {
    kind: plan.kind,
    containers: byClass((name) => plan.containers[name].filter(keep)),
    podSpec: plan.podSpec.filter(keep),
    object: plan.object.filter(keep),
    request: [],
    relation: plan.relation.filter(keep),
    // Nobody is told what a fix does not look at.
    withoutFacts: [],
    sandboxed: [],
  };
  const { containers, podSpec, object, relation } = narrowed;
  return {
    ...narrowed,
    empty: ![...Object.values(containers), podSpec, object, relation].some(({ length }) => length > 0),
  };
}

export function onlyEntry(plan: Plan, entry: Entry): Plan {
  return narrowPlan(plan, (candidate) => candidate === entry);
}

/** The plan in which a policy of the sandbox looks at a kind alone. */
export function planAlone(kind: KindInfo, { entry, containers }: SandboxedEntry): Plan {
  const on = (isHit: boolean): readonly Entry[] => (isHit ? [entry] : []);
  const of = (target: Policy['target']): readonly Entry[] => on(entry.policy.target === target);
  return {
    kind,
    containers: byClass((name) => on(containers.includes(name))),
    podSpec: of('podSpec'),
    object: of('object'),
    request: of('request'),
    relation: of('relation'),
    withoutFacts: skipsWithoutFacts(of('relation')),
    empty: false,
    sandboxed: [],
  };
}

function byClass(entriesOf: (name: ContainerClass) => readonly Entry[]): Plan['containers'] {
  return {
    app: entriesOf('app'),
    init: entriesOf('init'),
    sidecar: entriesOf('sidecar'),
    ephemeral: entriesOf('ephemeral'),
  };
}
