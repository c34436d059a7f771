import type { PolicySettings, Settings } from '../engine/settings.ts';

/** What is to become stricter: a profile for all, or policies wherever they are judged. */
export type Change = { readonly profile: string } | { readonly deny: readonly string[] };

/**
 * The settings as they would be: everything enforced, and the named policies on deny in every profile. Which profile
 * an object has is up to who judges.
 */
export function changedSettings(settings: Settings, change: Change): Settings {
  const profiles = Object.entries(settings.profiles).map(([name, profile]) => {
    if (!('deny' in change)) return [name, { ...profile, enforcement: 'enforce' }];
    const own = change.deny.filter((id) => Object.hasOwn(profile.policies, id));
    return [name, { ...profile, enforcement: 'enforce', policies: denied(profile.policies, own) }];
  });
  return {
    ...settings,
    enforcement: 'enforce',
    policies: 'deny' in change ? denied(settings.policies, change.deny) : settings.policies,
    profiles: Object.fromEntries(profiles) as Settings['profiles'],
  };
}

function denied(
  table: Readonly<Record<string, PolicySettings>>,
  ids: readonly string[],
): Record<string, PolicySettings> {
  const rows = ids.map((id): [string, PolicySettings] => {
    const row = Object.hasOwn(table, id) ? table[id] : undefined;
    return [id, typeof row === 'object' ? { ...row, action: 'deny' } : 'deny'];
  });
  return { ...table, ...Object.fromEntries(rows) };
}
