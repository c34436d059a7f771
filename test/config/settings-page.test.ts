/** The settings that docs/settings.md shows are settings that daygate takes, and mean what it says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { settingRows } from '../../scripts/generate/settings-page.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { compileOrThrow } from '../../src/config/settings-file.ts';
import { settingsSchema } from '../../src/engine/settings.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');
const examples = [...page.matchAll(/^```yaml\n([\s\S]+?)^```$/gm)].map(([, text = '']) => text);
const compiled = examples.map((text) =>
  compileOrThrow(parseSettings(text, 'docs/settings.md'), policies, {
    now: Date.parse('2026-11-21T12:00:00Z'),
  }),
);

function entryOf(example: number, profile: string, policy: string) {
  return compiled[example]?.profiles.get(profile)?.entries.find((entry) => entry.policy.id === policy);
}

it('has an example for each task, before the table of all settings', () => {
  expect(page.match(/^## /gm)).toHaveLength(examples.length + 1);
});

it('turns policies off in every profile, or in one and those that extend it', () => {
  const naked = ['baseline', 'production', 'restricted'].map((name) => entryOf(0, name, 'forbid-naked-pod'));
  expect(naked.map((entry) => entry?.action)).toEqual(['warn', undefined, undefined]);
  expect(entryOf(0, 'restricted', 'require-liveness-probe')).toBeUndefined();
  expect(entryOf(0, 'pss-baseline', 'forbid-latest-tag')?.action).toBe('warn');
  expect(entryOf(0, 'production', 'require-replicas')).toMatchObject({ action: 'deny', params: { min: 2 } });
});

it('repeats the namespaces that are exempt by default', () => {
  const byDefault = settingsSchema.parse({}).exemptNamespaces;
  expect([...(compiled[1]?.exemptNamespaces ?? [])]).toEqual([...byDefault, 'istio-system']);
});

it('enforces in a namespace and a profile, and tolerates until a day', () => {
  expect(compiled[2]?.settings.enforcement).toEqual({ default: 'observe', namespaces: { shop: 'enforce' } });
  expect(compiled[2]?.profiles.get('pss-baseline')?.enforcement).toBe('enforce');
  expect(entryOf(2, 'production', 'require-replicas')?.grandfatherUntil).toBeDefined();
});

it('makes a profile of your own the default one', () => {
  expect(compiled[3]?.settings.profile).toBe('team');
  expect(entryOf(3, 'team', 'require-memory-limit')?.action).toBe('deny');
});

it('lists every setting once, with what it says and its default', () => {
  const names = settingRows().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining([...Object.keys(settingsSchema.shape), 'exceptions[].match.kind']),
  );
  for (const { name, schema } of settingRows()) expect(schema.description, name).toMatch(/.{8}/);
  expect(page).toContain('| `webhook.timeoutSeconds` | `5` | ');
  expect(page).toContain('| `enforcement.default` | `"enforce"` | ');
  expect(page).toContain('| `policies.ID.grandfatherUntil` |  | ');
});
