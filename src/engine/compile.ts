import { builtinKinds, keyOfKind, keysOfKind, type KindInfo, type Path, type Policy } from '#sdk';
import type { Compiled, Entry, Fingerprint, Profile, Recorder } from './compiled.ts';
import { compileEntry, parameterIssues } from './entries.ts';
import { compileExceptions } from './exceptions.ts';
import { nearestAmong } from './nearest.ts';
import { parameterProblems, type SetParameters } from './parameter-problems.ts';
import { factRefs } from './kinds-read.ts';
import { isAboutAny } from './plans.ts';
import {
  profileChain,
  profileLayers,
  profileNames,
  profileRow,
  type ProfileRow,
  type SettingsProblem,
} from './profiles.ts';
import type { Settings } from './settings.ts';

export interface CompileOptions {
  /** Judge with these policies alone. */
  readonly only?: readonly string[];
  readonly set?: SetParameters;
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
  const names = profileNames(settings);
  const meant = nearestAmong(names);
  if (!names.includes(settings.profile)) {
    const message = `there is no profile ${settings.profile}${meant(settings.profile)}`;
    problems.push({ path: ['profile'], message });
  }
  const sandboxed = options.sandboxed ?? new Set();
  checkSandbox(settings, sandboxed, problems);
  problems.push(...workloadProblems(settings));
  const kinds = knownKinds(settings, policies);
  const recorder: Recorder = { findings: [], mistakes: [], subject: undefined };
  const profiles = new Map<string, Profile>();
  for (const name of names) {
    const chain = profileChain(settings, name, problems, meant);
    const entries: Entry[] = [];
    for (const policy of policies) {
      const layers = profileLayers(settings, chain, policy);
      const row = chosen(profileRow(layers), policy, options);
      const result =
        row.action === 'off'
          ? { issues: parameterIssues(policy, row) }
          : compileEntry(policy, { ...row, action: row.action }, recorder);
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
    profiles.set(name, { name, enforcement, entries, plans: new Map(), looksAtAny });
  }
  const compiled: Compiled = {
    settings,
    profiles,
    kinds,
    exceptions: compileExceptions(settings, { ids, kinds }, options.now, problems),
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

/** A mapping must not take the place of what is known of a kind, or of another mapping. */
function workloadProblems({ workloads }: Settings): readonly SettingsProblem[] {
  const known = new Set(Object.values(builtinKinds).flatMap(keysOfKind));
  const listed = new Set<string>();
  return workloads.flatMap((workload, index) => {
    const key = keyOfKind(workload);
    const message = known.has(key)
      ? `${workload.kind} is a kind of Kubernetes, whose pods are judged already: leave it out`
      : `${workload.kind} is listed twice: leave one out`;
    if (!known.has(key) && !listed.has(key)) {
      listed.add(key);
      return [];
    }
    return [{ path: ['workloads', index, 'kind'], message }];
  });
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
  const meant = nearestAmong(ids);
  const check = (id: string, path: Path): void => {
    if (!ids.includes(id))
      problems.push({ path, message: `there is no policy ${id}${meant(id)}`, at: 'key' });
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
  for (const kind of policies.flatMap(factRefs))
    if (typeof kind !== 'string' && kind.template === undefined) add(kind);
  for (const kind of policies.flatMap((policy) => policy.kinds ?? []))
    if (typeof kind !== 'string') add(kind);
  Object.values(builtinKinds).forEach(add);
  for (const { group, versions, kind, resource, scalable, template } of settings.workloads) {
    add({ group, versions, kind, resource, scalable, namespaced: true, template: template.split('.') });
  }
  return kinds;
}
