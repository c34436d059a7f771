import type { Action, Policy } from '#sdk';
import { nearest } from './nearest.ts';
import type { PolicySettings, Settings } from './settings.ts';

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
}

/** A mistake in the settings: where it is (steps below the root of the file) and what to write. */
export interface SettingsProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export function profileNames(settings: Settings): readonly string[] {
  return [...new Set([...Object.keys(builtinProfiles), ...Object.keys(settings.profiles)])];
}

function parentOf(settings: Settings, name: string): string | undefined {
  const own = Object.hasOwn(settings.profiles, name) ? settings.profiles[name] : undefined;
  return own?.extends ?? (Object.hasOwn(builtinProfiles, name) ? builtinProfiles[name] : undefined);
}

/** The profile and what it extends, the most general first; empty where the chain is broken. */
export function profileChain(
  settings: Settings,
  name: string,
  problems: SettingsProblem[] = [],
): readonly string[] {
  const known = profileNames(settings);
  const chain: string[] = [];
  for (let next: string | undefined = name; next !== undefined; next = parentOf(settings, next)) {
    const path = ['profiles', chain.at(-1) ?? name, 'extends'];
    if (!known.includes(next)) {
      problems.push({ path, message: `there is no profile ${next}${nearest(next, known)}` });
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

function amend(row: ProfileRow | undefined, settings: PolicySettings): ProfileRow {
  const change = typeof settings === 'string' ? { action: settings } : settings;
  return {
    action: change.action ?? row?.action ?? 'off',
    params: { ...row?.params, ...(typeof settings === 'string' ? undefined : settings.params) },
    fix: (typeof settings === 'string' ? undefined : settings.fix) ?? row?.fix ?? false,
    grandfatherUntil:
      (typeof settings === 'string' ? undefined : settings.grandfatherUntil) ?? row?.grandfatherUntil,
  };
}

/**
 * What is in force for a policy in a profile: the tables that ship with daygate, then `policies` of the
 * settings, then the profile's own, each later one deciding over the earlier.
 */
export function profileRow(settings: Settings, chain: readonly string[], policy: Policy): ProfileRow {
  let row: ProfileRow = { action: 'off', params: {}, fix: false, grandfatherUntil: undefined };
  for (const name of chain) {
    const entry = Object.hasOwn(policy.profiles, name) ? policy.profiles[name] : undefined;
    if (entry === undefined) continue;
    row = amend(
      row,
      typeof entry === 'string' ? entry : { action: entry.action, params: { ...entry.params } },
    );
  }
  const tables = [settings.policies, ...chain.map((name) => settings.profiles[name]?.policies ?? {})];
  for (const table of tables) {
    const own = Object.hasOwn(table, policy.id) ? table[policy.id] : undefined;
    if (own !== undefined) row = amend(row, own);
  }
  return row;
}
