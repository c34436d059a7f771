import { describe, expect, it } from 'vitest';
import { profileFor } from '../../src/engine/routing.ts';
import { compileSettings } from '../../src/engine/compile.ts';
import { settingsSchema, type SettingsInput } from '../../src/engine/settings.ts';
import { compiled, now, problemsOf, requireLimit } from './compile-test-settings.ts';

function actions(settings: Parameters<typeof compiled>[0], profile: string): Record<string, string> {
  const entries = compiled(settings).profiles.get(profile)?.entries ?? [];
  return Object.fromEntries(entries.map(({ policy, action }) => [policy.id, action]));
}

describe('policies that say the opposite of each other', () => {
  const opposite = { ...requireLimit, id: 'forbid-limit', conflictsWith: ['require-limit'] };
  const problems = (settings: SettingsInput) =>
    compileSettings(settingsSchema.parse(settings), [requireLimit, opposite], { now }).problems;

  it('cannot be on together in a profile', () => {
    const message = 'says the opposite of require-limit: turn one of them off (profile production)';
    expect(problems({})).toContainEqual({ path: ['policies', 'forbid-limit'], message });
  });

  it('can be on one by one', () => {
    expect(problems({ policies: { 'require-limit': 'off' } })).toEqual([]);
    expect(problems({ policies: { 'forbid-limit': 'off' } })).toEqual([]);
  });
});

describe('profiles', () => {
  it('extend each other: each has what the one before has, and may raise it', () => {
    expect(actions({}, 'baseline')).toEqual({ 'require-limit': 'warn' });
    expect(actions({}, 'production')).toEqual({ 'require-limit': 'deny', 'forbid-tag': 'deny' });
    expect(actions({}, 'restricted')).toEqual({ 'require-limit': 'deny', 'forbid-tag': 'deny' });
  });

  it('of a team extend those that ship, and decide over the settings for all profiles', () => {
    const settings = {
      policies: { 'forbid-tag': 'warn' },
      profiles: {
        team: {
          extends: 'baseline',
          policies: { 'require-limit': 'audit', 'forbid-tag': { params: { tag: 'dev' } } },
        },
      },
    } as const;
    expect(actions(settings, 'team')).toEqual({ 'require-limit': 'audit', 'forbid-tag': 'warn' });
    const entry = compiled(settings)
      .profiles.get('team')
      ?.entries.find(({ policy }) => policy.id === 'forbid-tag');
    expect(entry?.params).toEqual({ tag: 'dev' });
    expect(actions(settings, 'production')).toEqual({ 'require-limit': 'deny', 'forbid-tag': 'warn' });
  });

  it('under the name of one that ships amend it', () => {
    expect(
      actions({ profiles: { production: { policies: { 'forbid-tag': 'off' } } } }, 'production'),
    ).toEqual({
      'require-limit': 'deny',
    });
  });

  it('are chosen by the label of a namespace, the default one where the label is missing or names none', () => {
    const known = compiled({ profiles: { team: {} } });
    expect(profileFor(known, { 'daygate.dev/profile': 'team' })).toBe('team');
    expect(profileFor(known, { 'daygate.dev/profile': 'nonsense' })).toBe('production');
    expect(profileFor(known, { 'daygate.dev/profile': 'constructor' })).toBe('production');
    expect(profileFor(known, null)).toBe('production');
  });
});

describe('mistakes in settings', () => {
  it.each([
    [{ profile: 'prodution' }, 'profile: there is no profile prodution: did you mean production?'],
    [
      { policies: { 'require-limits': 'deny' } },
      'policies.require-limits: there is no policy require-limits: did you mean require-limit?',
    ],
    [
      { profiles: { a: { extends: 'b' }, b: { extends: 'a' } } },
      'profiles.b.extends: profiles extend each other in a circle: a → b → a',
    ],
    [
      { profiles: { a: { extends: 'basline' } } },
      'profiles.a.extends: there is no profile basline: did you mean baseline?',
    ],
    [
      { policies: { 'forbid-tag': { params: { tags: 'x' } } } },
      'policies.forbid-tag.params.tags: forbid-tag has no parameter tags: did you mean tag?',
    ],
    [
      { policies: { 'forbid-tag': { action: 'off', params: { tags: 'x' } } } },
      'policies.forbid-tag.params.tags: forbid-tag has no parameter tags: did you mean tag?',
    ],
    [
      { profiles: { team: { policies: { 'forbid-tag': { params: { tag: true } } } } } },
      'profiles.team.policies.forbid-tag.params.tag: expected a text',
    ],
    [
      { policies: { 'forbid-tag': { params: { tag: 7 } } } },
      'policies.forbid-tag.params.tag: expected a text',
    ],
  ] as const)('%j is named with its place and the known name', (settings, problem) => {
    expect(problemsOf(settings)).toContain(problem);
  });

  it('of --only and --set are found too', () => {
    expect(problemsOf({}, { only: ['forbid-tags'] })).toEqual([
      '--only: there is no policy forbid-tags: did you mean forbid-tag?',
    ]);
    expect(problemsOf({}, { set: { nothing: {} } })).toEqual(['--set: there is no policy nothing']);
  });
});

describe('--only', () => {
  it('judges with these alone: as the profile has them, otherwise as deny with the defaults', () => {
    const only = compiled({}, { only: ['forbid-tag'] });
    const of = (name: string) =>
      only.profiles.get(name)?.entries.map(({ policy, action }) => [policy.id, action]);
    expect(of('production')).toEqual([['forbid-tag', 'deny']]);
    expect(of('baseline')).toEqual([['forbid-tag', 'deny']]);
    expect(compiled({}, { only: ['require-limit'] }).profiles.get('baseline')?.entries[0]?.action).toBe(
      'warn',
    );
  });
});
