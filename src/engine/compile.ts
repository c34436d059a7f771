import type { z } from 'zod';
import {
  builtinKindInfo,
  builtinKinds,
  isBuiltinGroup,
  keysOfKind,
  type Action,
  type Context,
  type ContainerClass,
  type KindInfo,
  type Messages,
  type Operation,
  type ParamsSchema,
  type Policy,
  type Schemas,
} from '#sdk';
import { endOfDay } from './days.ts';
import { compileExceptions, type CompiledException } from './exceptions.ts';
import { parseTemplate, placeholdersOf, type Template } from './message.ts';
import { nearest } from './nearest.ts';
import { parameterProblems } from './parameter-problems.ts';
import {
  profileChain,
  profileLayers,
  profileNames,
  profileRow,
  type ProfileRow,
  type SettingsProblem,
} from './profiles.ts';
import { recordedBy, type Recorder } from './recorder.ts';
import type { Skip } from './review.ts';
import type { Settings } from './settings.ts';

/** What one message of a policy says. */
export interface Texts {
  readonly message: Template;
  readonly remediation: Template;
  /** Names that a report has to fill. */
  readonly placeholders: readonly string[];
}

/** A policy as one profile has it. */
export interface Entry {
  readonly policy: Policy;
  readonly action: Exclude<Action, 'off'>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly context: Context<ParamsSchema, Messages>;
  /** What each message says, and what it advises. */
  readonly texts: ReadonlyMap<string, Texts>;
  /** Messages of findings that daygate can fix with these parameters. */
  readonly fixable: ReadonlySet<string>;
  /** Whether admission may apply the fix. */
  readonly fixOnAdmission: boolean;
  /** Milliseconds since 1970 after which the old object's findings block too. */
  readonly grandfatherUntil: number | undefined;
}

/** What looks at objects of one kind, for one operation and subresource. */
export interface Plan {
  readonly kind: KindInfo;
  readonly containers: Readonly<Record<ContainerClass, readonly Entry[]>>;
  readonly podSpec: readonly Entry[];
  readonly object: readonly Entry[];
  readonly request: readonly Entry[];
  readonly relation: readonly Entry[];
  /** What is skipped of them where nothing is known of other objects: the same for each review. */
  readonly withoutFacts: readonly Skip[];
  /** Whether any list above has an entry. */
  readonly empty: boolean;
  /** What looks at the object from the sandbox; none of it is in the lists above. */
  readonly sandboxed: readonly SandboxedEntry[];
}

/** A policy that runs in the sandbox, and the container classes it looks at. */
export interface SandboxedEntry {
  readonly entry: Entry;
  readonly containers: readonly ContainerClass[];
}

export interface Profile {
  readonly name: string;
  readonly enforcement: 'enforce' | 'observe' | undefined;
  readonly entries: readonly Entry[];
  readonly sandboxed: ReadonlySet<string>;
  readonly plans: Map<string, Plan>;
  /** Whether some policy looks at kinds that none names. */
  readonly looksAtAny: boolean;
}

/** Settings and policies made ready to judge. */
export interface Compiled {
  readonly settings: Settings;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly kinds: ReadonlyMap<string, KindInfo>;
  readonly exceptions: readonly CompiledException[];
  readonly exemptNamespaces: ReadonlySet<string>;
  readonly kubernetesMinor: number;
  readonly recorder: Recorder;
  /** Ids of policies that run in the sandbox. */
  readonly sandboxed: ReadonlySet<string>;
  readonly fingerprint: Fingerprint | undefined;
}

/** A short keyed hash of a text: the same for the same text, and nothing that could be tried out without the key. */
export type Fingerprint = (text: string) => string;

export interface CompileOptions {
  /** Judge with these policies alone. */
  readonly only?: readonly string[];
  /** Parameters that decide over the settings: policy id → name → value. */
  readonly set?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The time, for the longest life of exceptions. */
  readonly now: number;
  /** Ids of policies that are not to run here, but in the sandbox. */
  readonly sandboxed?: ReadonlySet<string>;
  /** Marks credentials in findings; without it they get no fingerprint. */
  readonly fingerprint?: Fingerprint | undefined;
}

/**
 * Compiles settings once, so that a review finds flat lists. Never throws on wrong settings: all mistakes are
 * returned together, and the result is only to be used when there are none.
 */
export function compileSettings(
  settings: Settings,
  policies: readonly Policy[],
  options: CompileOptions,
): { readonly compiled: Compiled; readonly problems: readonly SettingsProblem[] } {
  const problems: SettingsProblem[] = [];
  const ids = policies.map((policy) => policy.id);
  checkIds(settings, ids, options, problems);
  if (!profileNames(settings).includes(settings.profile)) {
    const message = `there is no profile ${settings.profile}${nearest(settings.profile, profileNames(settings))}`;
    problems.push({ path: ['profile'], message });
  }
  const sandboxed = options.sandboxed ?? new Set();
  checkSandbox(settings, sandboxed, problems);
  const kinds = knownKinds(settings, policies);
  const recorder: Recorder = { findings: [], mistakes: [], subject: undefined };
  const profiles = new Map<string, Profile>();
  for (const name of profileNames(settings)) {
    const chain = profileChain(settings, name, problems);
    const entries: Entry[] = [];
    for (const policy of policies) {
      const layers = profileLayers(settings, chain, policy);
      const row = chosen(profileRow(layers), policy, options);
      if (row.action === 'off') continue;
      const result = compileEntry(policy, { ...row, action: row.action }, recorder);
      if ('issues' in result) {
        problems.push(...parameterProblems(policy, result.issues, layers, options.set));
        continue;
      }
      entries.push(result);
      if (row.fix && sandboxed.has(policy.id)) {
        const message = 'policies of your own are fixed by `daygate fix`, not at admission: leave out fix';
        const path = layers.findLast(({ row: { fix } }) => fix !== undefined)?.from;
        problems.push({ path: [...(path !== undefined && 'path' in path ? path.path : []), 'fix'], message });
      }
    }
    problems.push(...conflicts(name, entries));
    const enforcement = chain
      .map((step) => settings.profiles[step]?.enforcement)
      .findLast((mode) => mode !== undefined);
    const looksAtAny = entries.some(({ policy }) => isAboutAny(policy));
    profiles.set(name, { name, enforcement, entries, sandboxed, plans: new Map(), looksAtAny });
  }
  const compiled: Compiled = {
    settings,
    profiles,
    kinds,
    exceptions: compileExceptions(settings, ids, options.now, problems),
    exemptNamespaces: new Set(settings.exemptNamespaces),
    kubernetesMinor: Number(settings.kubernetes.slice(2)),
    recorder,
    sandboxed,
    fingerprint: options.fingerprint,
  };
  return { compiled, problems };
}

function conflicts(profile: string, entries: readonly Entry[]): readonly SettingsProblem[] {
  const on = new Set(entries.map(({ policy }) => policy.id));
  return entries.flatMap(({ policy: { id, conflictsWith = [] } }) =>
    conflictsWith
      .filter((other) => on.has(other))
      .map((other) => ({
        path: ['policies', id],
        message: `says the opposite of ${other}: turn one of them off (profile ${profile})`,
      })),
  );
}

/** The API server waits so long for the webhook; what a policy may take of that leaves time for a second try. */
const longestShare = 1 / 4;

function checkSandbox(
  { sandbox, webhook }: Settings,
  sandboxed: ReadonlySet<string>,
  problems: SettingsProblem[],
): void {
  const most = webhook.timeoutSeconds * 1000 * longestShare;
  if (sandboxed.size === 0 || sandbox.milliseconds <= most) return;
  const message = `expected at most ${most}, a quarter of webhook.timeoutSeconds`;
  problems.push({ path: ['sandbox', 'milliseconds'], message });
}

function chosen(row: ProfileRow, policy: Policy, { only, set }: CompileOptions): ProfileRow {
  const params = {
    ...row.params,
    ...(set !== undefined && Object.hasOwn(set, policy.id) ? set[policy.id] : {}),
  };
  if (only === undefined) return { ...row, params };
  if (!only.includes(policy.id)) return { ...row, params, action: 'off' };
  return { ...row, params, action: row.action === 'off' ? 'deny' : row.action };
}

function checkIds(
  settings: Settings,
  ids: readonly string[],
  options: CompileOptions,
  problems: SettingsProblem[],
): void {
  const check = (id: string, path: readonly (string | number)[]): void => {
    if (!ids.includes(id))
      problems.push({ path, message: `there is no policy ${id}${nearest(id, ids)}`, at: 'key' });
  };
  for (const id of Object.keys(settings.policies)) check(id, ['policies', id]);
  for (const [name, profile] of Object.entries(settings.profiles)) {
    for (const id of Object.keys(profile.policies)) check(id, ['profiles', name, 'policies', id]);
  }
  for (const id of options.only ?? []) check(id, ['--only']);
  for (const id of Object.keys(options.set ?? {})) check(id, ['--set']);
}

function knownKinds(settings: Settings, policies: readonly Policy[]): ReadonlyMap<string, KindInfo> {
  const kinds = new Map<string, KindInfo>();
  const add = (info: KindInfo): void => {
    for (const key of keysOfKind(info)) kinds.set(key, info);
  };
  // What a policy looks at only to judge something else is known, too. Not what makes pods: nobody would judge those.
  const facts = policies.flatMap((policy) => [...(policy.facts ?? []), ...(policy.optionalFacts ?? [])]);
  for (const kind of facts) if (typeof kind !== 'string' && kind.template === undefined) add(kind);
  for (const kind of policies.flatMap((policy) => policy.kinds ?? []))
    if (typeof kind !== 'string') add(kind);
  Object.values(builtinKinds).forEach(add);
  for (const { template, ...info } of settings.workloads) {
    add({ ...info, namespaced: true, template: template.split('.') });
  }
  return kinds;
}

function compileEntry(
  policy: Policy,
  row: ProfileRow & { readonly action: Exclude<Action, 'off'> },
  recorder: Recorder,
): Entry | { readonly issues: readonly z.core.$ZodIssue[] } {
  // Read once: zod would compile a function for each, which takes longer than reading.
  const parsed = policy.params.safeParse(row.params, { jitless: true });
  if (!parsed.success) return { issues: parsed.error.issues };
  const params = parsed.data;
  const { fix } = policy;
  const canFix = fix !== undefined && (fix.requires ?? []).every((name) => params[name] !== undefined);
  const entry: Entry = {
    policy,
    action: row.action,
    params,
    context: { params, report: recordedBy(recorder, () => entry) },
    texts: textsOf(policy),
    fixable: new Set(canFix ? fix.resolves : []),
    fixOnAdmission: row.fix && canFix && fix.safety !== 'suggestion',
    grandfatherUntil: row.grandfatherUntil === undefined ? undefined : endOfDay(row.grandfatherUntil),
  };
  return entry;
}

function textsOf({ messages, remediation }: Policy): Entry['texts'] {
  return new Map(
    Object.entries(messages).map(([id, message]) => {
      const advice = typeof remediation === 'string' ? remediation : (remediation[id] ?? '');
      const texts = { message: parseTemplate(message), remediation: parseTemplate(advice) };
      const names = [...placeholdersOf(texts.message), ...placeholdersOf(texts.remediation)];
      // The object always has these.
      const placeholders = [...new Set(names)].filter((name) => name !== 'kind' && name !== 'name');
      return [id, { ...texts, placeholders }];
    }),
  );
}

export const containerClasses: readonly ContainerClass[] = ['app', 'init', 'sidecar', 'ephemeral'];

/** Container classes a container policy looks at unless it says otherwise (catalogue, container classes). */
export const defaultContainers: readonly ContainerClass[] = ['app', 'init', 'sidecar'];

/** Whether a policy looks at whatever there is. No kind is sent to admission because of it. */
export function isAboutAny({ kinds }: Policy): boolean {
  return kinds?.includes('Any') === true;
}

/** Whether a policy looks at objects of the kind. */
export function looksAt(policy: Policy, kind: KindInfo): boolean {
  if (policy.target === 'container' || policy.target === 'podSpec') return kind.template !== undefined;
  return (policy.kinds ?? []).some((ref) => {
    if (ref === 'Workload') return kind.template !== undefined;
    // Of a custom kind without a schema nothing is known that such a policy could speak about, but it must say so.
    if (ref === 'Any') return isBuiltinGroup(kind.group) || policy.needsSchema === true;
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
    return described === undefined ? undefined : makePlan(profile, described, operation, subresource);
  }
  const plan = makePlan(profile, kind, operation, subresource);
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
  return schemas.kindOf(kindKey) ?? (isBuiltinGroup(group) ? misspelt : undefined);
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
export function skipsWithoutFacts(relation: readonly Entry[]): readonly Skip[] {
  return relation
    .filter(({ policy: { facts = [] } }) => facts.length > 0)
    .map(({ policy }) => ({ policy: policy.id, reason: 'needs facts about other objects' }));
}

function makePlan(profile: Profile, kind: KindInfo, operation: Operation, subresource: string): Plan {
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
  const isSandboxed = ({ policy }: Entry): boolean => profile.sandboxed.has(policy.id);
  const entries = seeing.filter((entry) => !isSandboxed(entry));
  const of = (target: Policy['target']): readonly Entry[] =>
    entries.filter(({ policy }) => policy.target === target);
  const seesClass = ({ policy }: Entry, name: ContainerClass): boolean => {
    // On this subresource only the debugging containers change.
    if (kind.template === undefined || policy.target !== 'container') return false;
    if (subresource === 'ephemeralcontainers' && name !== 'ephemeral') return false;
    return (policy.containers ?? defaultContainers).includes(name);
  };
  const ofClass = (name: ContainerClass): readonly Entry[] =>
    entries.filter((entry) => seesClass(entry, name));
  const debugging = subresource === 'ephemeralcontainers';
  return {
    kind,
    containers: {
      app: ofClass('app'),
      init: ofClass('init'),
      sidecar: ofClass('sidecar'),
      ephemeral: ofClass('ephemeral'),
    },
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
