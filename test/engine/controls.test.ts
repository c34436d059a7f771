import { describe, expect, it } from 'vitest';
import type { Control, Policy } from '#sdk';
import { controlsOf } from '../../src/engine/controls.ts';
import type { SettingsInput } from '../../src/engine/settings.ts';
import { compiled, forbidTag, requireLimit } from './compile-test-settings.ts';

function controls(given: readonly Control[], settings: SettingsInput = {}, used = ['production']) {
  const policy: Policy = { ...forbidTag, controls: given };
  const { profiles } = compiled(settings, {}, [policy, requireLimit]);
  return controlsOf(
    policy,
    used.flatMap((name) => profiles.get(name) ?? []),
  );
}

describe('the controls that a policy answers to', () => {
  it('are those without a condition in any case', () => {
    expect(controls(['A: 1', 'A: 2'])).toEqual(['A: 1', 'A: 2']);
    expect(controls([])).toEqual([]);
  });

  const strict = { name: 'A: 1', params: { tag: 'latest' } };
  const loose: SettingsInput = { policies: { 'forbid-tag': { params: { tag: 'dev' } } } };

  it('go with parameters', () => {
    expect(controls([strict])).toEqual(['A: 1']);
    expect(controls([strict, 'A: 2'], loose)).toEqual(['A: 2']);
  });

  it('go with other policies that are on', () => {
    const both = { name: 'A: 1', with: ['require-limit'] };
    expect(controls([both])).toEqual(['A: 1']);
    expect(controls([both], { policies: { 'require-limit': 'off' } })).toEqual([]);
  });

  it('hold in all profiles that were used and have the policy on', () => {
    const profiles: SettingsInput = {
      profiles: { team: { extends: 'production', policies: { 'forbid-tag': { params: { tag: 'dev' } } } } },
    };
    expect(controls([strict], profiles, ['production'])).toEqual(['A: 1']);
    expect(controls([strict], profiles, ['production', 'team'])).toEqual([]);
    expect(controls([strict], {}, ['production', 'baseline'])).toEqual(['A: 1']);
  });
});
