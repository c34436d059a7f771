import type { Action, Path, Policy } from '#sdk';
import { nearestAmong } from './nearest.ts';
import type { PolicyReportDetail, PolicySettings, Settings } from './settings.ts';

/** Profiles that ship with daygate, and the one each extends. */
export const builtinProfiles: Readonly<Record<string, string | undefined>> = {
  baseline: undefined,
  production: 'baseline',
  restricted: 'production',
  // The Pod Security Standards and nothing else; docs/pod-security.md lists their controls.
  'pss-baseline': undefined,
  'pss-restricted': 'pss-baseline',
};

/** What a profile says of one policy, before the parameters are checked. */
export interface ProfileRow {
  readonly action: Action;
  readonly params: Readonly<Record<string, unknown>>;
  readonly fix: boolean;
  readonly grandfatherUntil: string | undefined;
  readonly policyReport: PolicyReportDetail;
}

/** A mistake in the settings: where it is (steps below the root of the file) and what to write. */
export interface SettingsProblem {
  readonly path: Path;
  readonly message: string;
  /** Whether the last step itself is wrong, and not what stands behind it. */
  readonly at?: 'key' | 'value';
}

export function profileNames(settings: Settings): readonly string[] {
  return [...new Set([...Object.keys(builtinProfiles), ...Object.keys(settings.profiles)])];
}

function isProfile(settings: Settings, name: string): boolean {
  return Object.hasOwn(builtinProfiles, name) || Object.hasOwn(settings.profiles, name);
}

function parentOf(settings: Settings, name: string): string | undefined {
  const own = Object.hasOwn(settings.profiles, name) ? settings.profiles[name] : undefined;
  return own?.extends ?? (Object.hasOwn(builtinProfiles, name) ? builtinProfiles[name] : undefined);
}

/**
 * The profile and what it extends, the most general first; empty where the chain is broken.
 *
 * @param hint what follows the name of a profile that there is none of
 */
export function profileChain(
  settings: Settings,
  name: string,
  problems: SettingsProblem[] = [],
  hint = nearestAmong(profileNames(settings)),
): readonly string[] {
  const chain: string[] = [];
  for (let next: string | undefined = name; next !== undefined; next = parentOf(settings, next)) {
    const path = ['profiles', chain.at(-1) ?? name, 'extends'];
    if (!isProfile(settings, next)) {
      problems.push({ path, message: `there is no profile ${next}${hint(next)}` });
      return [];
    }
    if (chain.includes(next)) {
      problems.push({
        path,
        message: `profiles extend each other in a circle: ${[...chain, next].join(' → ')}`,
      });
      return [];
    }
    chain.push(next);
  }
  return chain.reverse();
}

/** A table that says something of a policy, and where it stands. */
export interface ProfileLayer {
  /** A profile that ships with daygate, or the steps to the policy's row in the settings. */
  readonly from: { readonly shipped: string } | { readonly path: readonly string[] };
  readonly row: Partial<ProfileRow>;
}

/**
 * All that is said of a policy in a profile: by the tables that ship with daygate, then by `policies` of the
 * settings, then by the profile's own, each later one deciding over the earlier.
 */
export function profileLayers(
  settings: Settings,
  chain: readonly string[],
  policy: Policy,
): readonly ProfileLayer[] {
  const layers: ProfileLayer[] = [];
  for (const name of chain) {
    const entry = Object.hasOwn(policy.profiles, name) ? policy.profiles[name] : undefined;
    if (entry === undefined) continue;
    const row = typeof entry === 'string' ? { action: entry } : { ...entry, params: { ...entry.params } };
    layers.push({ from: { shipped: name }, row });
  }
  const add = (table: Readonly<Record<string, PolicySettings>>, path: readonly string[]): void => {
    const own = Object.hasOwn(table, policy.id) ? table[policy.id] : undefined;
    if (own === undefined) return;
    layers.push({ from: { path: [...path, policy.id] }, row: rowOf(own) });
  };
  add(settings.policies, ['policies']);
  for (const name of chain) add(settings.profiles[name]?.policies ?? {}, ['profiles', name, 'policies']);
  return layers;
}

function rowOf(settings: PolicySettings): Partial<ProfileRow> {
  if (typeof settings === 'string') return { action: settings };
  const { action, params, fix, grandfatherUntil, policyReport } = settings;
  return {
    ...(action === undefined ? {} : { action }),
    ...(params === undefined ? {} : { params }),
    ...(fix === undefined ? {} : { fix }),
    ...(grandfatherUntil === undefined ? {} : { grandfatherUntil }),
    ...(policyReport === undefined ? {} : { policyReport }),
  };
}

/** What is in force for a policy in a profile. */
export function profileRow(layers: readonly ProfileLayer[]): ProfileRow {
  const nothing: ProfileRow = {
    action: 'off',
    params: {},
    fix: false,
    grandfatherUntil: undefined,
    policyReport: 'full',
  };
  return layers.reduce(
    (row, layer) => ({ ...row, ...layer.row, params: { ...row.params, ...layer.row.params } }),
    nothing,
  );
}
