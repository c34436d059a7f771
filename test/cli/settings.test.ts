import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policies } from '../../policies/index.ts';
import type { PolicyInForce, ShownSettings } from '../../src/cli/settings/in-force.ts';
import { inFolder, now } from './run-check.ts';
import { show, showText, type Options } from './show-settings.ts';
import { later, settings } from './team-settings.ts';

async function shownFor(...[text, options, manifests]: Parameters<typeof showText>): Promise<ShownSettings> {
  const { out, err } = await showText(text, { ...options, output: 'json' }, manifests);
  expect(err).toBe('');
  return JSON.parse(out) as ShownSettings;
}

function rowOf({ policies: rows }: ShownSettings, id: string): PolicyInForce | undefined {
  return rows.find((row) => row.id === id);
}

const namespaces = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { daygate.dev/profile: strict } }
---
apiVersion: v1
kind: Namespace
metadata: { name: odd, labels: { daygate.dev/profile: tema } }
---
apiVersion: v1
kind: Namespace
metadata: { name: plain }
`;

describe('daygate settings', () => {
  it('lets the name of a file neither start a line nor steer a terminal', async () => {
    const name = 'a\n\u001b[31mb.yaml';
    const exceptions = `[{ policies: [require-replicas], match: { namespace: shop }, owner: a, reason: b, expires: ${later} }]`;
    const text = `{ profile: strict, enforcement: observe, profiles: { strict: { extends: baseline } }, exceptions: ${exceptions},
      policies: { require-replicas: { action: warn, params: { min: 3 }, grandfatherUntil: ${later} } } }`;
    await inFolder({ [name]: text }, async (folder) => {
      const { code, out } = await show({
        settings: join(folder, name),
        namespace: 'shop',
        id: 'require-replicas',
      });
      expect(code).toBe(0);
      expect(out).toContain('b.yaml:1');
      expect(out).not.toContain('\u001b');
      expect(out).not.toContain(name);
    });
  });

  it('leaves out exceptions that have ended, and those that are about other namespaces', async () => {
    const more = `  - { policies: [require-replicas], match: { namespace: shop }, owner: a, reason: b, expires: 2020-01-01 }
  - { policies: [require-replicas], match: { namespace: 's*' }, owner: a, reason: b, expires: ${later} }
  - { policies: [require-replicas], match: { name: web }, owner: a, reason: b, expires: ${later} }
`;
    const of = async (options: Options) =>
      rowOf(await shownFor(`${settings}${more}`, options), 'require-replicas')?.exceptions;
    expect(await of({})).toEqual(['s.yaml:15:5', 's.yaml:17:5', 's.yaml:18:5']);
    expect(await of({ namespace: 'shop' })).toEqual(['s.yaml:15:5', 's.yaml:17:5', 's.yaml:18:5']);
    expect(await of({ namespace: 'stock' })).toEqual(['s.yaml:17:5', 's.yaml:18:5']);
    expect(await of({ namespace: 'odd' })).toEqual(['s.yaml:18:5']);
  });

  it('says of a policy what is in force and where each part of it comes from', async () => {
    const shown = await shownFor(settings);
    expect(rowOf(shown, 'require-replicas')).toEqual({
      id: 'require-replicas',
      action: { value: 'warn', from: 's.yaml:4:3' },
      effective: 'warn',
      params: { min: { value: 4, from: 's.yaml:11:37' }, allowZero: { value: true, from: 'default' } },
      fix: { value: false, from: 'default' },
      exceptions: ['s.yaml:15:5'],
    });
    expect(rowOf(shown, 'require-memory-limit')).toMatchObject({
      action: { value: 'deny', from: 's.yaml:10:7' },
      effective: 'warn',
    });
    expect(rowOf(shown, 'forbid-latest-tag')?.action).toEqual({
      value: 'deny',
      from: 'profile baseline as it ships',
    });
    expect(
      rowOf(await shownFor(settings, { profile: 'restricted' }), 'forbid-token-automount'),
    ).toMatchObject({
      fix: { value: true, from: 's.yaml:5:29' },
      grandfatherUntil: { value: '2030-01-31', from: 's.yaml:5:40' },
    });
    const summed = await shownFor('policies:\n  forbid-latest-tag: { policyReport: summary }\n');
    expect(rowOf(summed, 'forbid-latest-tag')?.policyReport).toEqual({
      value: 'summary',
      from: 's.yaml:2:24',
    });
  });

  it.each([
    ['require-cpu-request', 'fix: true', 'in vain: it needs params.default'],
    ['require-cpu-request', 'fix: true\n    params: { default: 100m }', undefined],
    ['require-owner', 'fix: true\n    params: { owner: shop }', 'in vain: it needs params.contact'],
    ['require-read-only-root', 'fix: true', 'in vain: daygate fix --suggestions writes what it suggests'],
    ['forbid-host-path', 'fix: true', 'in vain: it has no fix'],
  ])('says why admission does not fix what the settings ask for: %s with %s', async (id, row, why) => {
    const shown = await shownFor(`policies:\n  ${id}:\n    ${row}\n`);
    const from = ['s.yaml:3:5', ...(why === undefined ? [] : [why])].join(', ');
    expect(rowOf(shown, id)?.fix).toEqual({ value: why === undefined, from });
  });

  it.each<readonly [Options, string | undefined, readonly [string, string], readonly [string, string]]>([
    [{}, undefined, ['team', 'the default of the settings (s.yaml:1:1)'], ['observe', 's.yaml:2:16']],
    [{ profile: 'strict' }, undefined, ['strict', '--profile'], ['enforce', 's.yaml:12:34']],
    [
      { namespace: 'shop' },
      undefined,
      [
        'team',
        'the default of the settings (s.yaml:1:1), unless its label daygate.dev/profile says otherwise (--filename names its manifest)',
      ],
      ['enforce', 's.yaml:2:48'],
    ],
    [
      { namespace: 'shop' },
      namespaces,
      ['strict', 'its label daygate.dev/profile (ns.yaml:3:35)'],
      ['enforce', 's.yaml:2:48'],
    ],
    [
      { namespace: 'odd' },
      namespaces,
      [
        'team',
        'the default of the settings (s.yaml:1:1): its label daygate.dev/profile names no profile (ns.yaml:7:34)',
      ],
      ['observe', 's.yaml:2:16'],
    ],
    [
      { namespace: 'plain' },
      namespaces,
      [
        'team',
        'the default of the settings (s.yaml:1:1): it has no label daygate.dev/profile (ns.yaml:11:1)',
      ],
      ['observe', 's.yaml:2:16'],
    ],
    // The last of several.
    [
      { namespace: 'plain' },
      `${namespaces}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: plain, labels: { daygate.dev/profile: strict } }\n`,
      ['strict', 'its label daygate.dev/profile (ns.yaml:15:36)'],
      ['enforce', 's.yaml:12:34'],
    ],
    [
      { namespace: 'lost' },
      namespaces,
      ['team', 'the default of the settings (s.yaml:1:1): its manifest is not among those given'],
      ['observe', 's.yaml:2:16'],
    ],
  ])(
    '%j: which profile and enforcement, and by which rule',
    async (options, manifests, profile, enforcement) => {
      const shown = await shownFor(settings, options, manifests);
      expect([shown.profile.name, shown.profile.because]).toEqual(profile);
      expect([shown.enforcement.value, shown.enforcement.from]).toEqual(enforcement);
    },
  );

  it('says the same in text', async () => {
    const one = await showText(settings, { namespace: 'ops', id: 'require-replicas' });
    expect(one.out).toBe(`Settings: s.yaml
Namespace: ops
Nothing in it is judged: it is exempt (s.yaml:13:33)
Profile: team (team extends baseline), by the default of the settings (s.yaml:1:1), unless its label daygate.dev/profile says otherwise (--filename names its manifest)
Enforcement: observe, so that deny counts as warn at admission (s.yaml:2:16)

warn          require-replicas  s.yaml:4:3
              min: 4 (s.yaml:11:37)
              allowZero: true (default)
              fix: false (default)
              exception (s.yaml:15:5)
`);
    const all = (await showText(settings)).out;
    expect(all).toMatch(/\ndeny → warn {3}require-memory-limit +s\.yaml:10:7\n/);
    expect(all).not.toContain('allowZero');
    expect(all).toMatch(/\n\d+ policies are off here/);
  });

  it('agrees with what judges: every policy that is on in a profile, with its parameters', async () => {
    const { compileSettings } = await import('../../src/engine/compile.ts');
    const { settingsSchema } = await import('../../src/engine/settings.ts');
    const { compiled } = compileSettings(settingsSchema.parse(parse(settings)), policies, { now });
    for (const [profile, { entries }] of compiled.profiles) {
      const shown = await shownFor(settings, { profile });
      const on = shown.policies.filter(({ action }) => action.value !== 'off');
      const judging = entries.map(({ policy, action, params, fixOnAdmission }) => [
        policy.id,
        action,
        params,
        fixOnAdmission,
      ]);
      const told = on.map(({ id, action, params, fix }) => [
        id,
        action.value,
        Object.fromEntries(Object.entries(params).map(([name, { value }]) => [name, value])),
        fix.value,
      ]);
      const plain = (rows: readonly unknown[]): unknown => JSON.parse(JSON.stringify(rows.toSorted()));
      expect(plain(told)).toEqual(plain(judging));
    }
  });

  it.each<readonly [Options, string]>([
    [{ namespace: 'a', profile: 'team' }, '--namespace and --profile'],
    [{ profile: 'tem' }, 'there is no profile tem: did you mean team?'],
    [{ id: 'require-replica' }, 'there is no policy require-replica: did you mean require-replicas?'],
    [{ output: 'xml' }, 'there is no output format xml'],
  ])('%j is wrong use', async (options, message) => {
    const { code, err } = await showText(settings, options);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('does not pass over a manifest that cannot be read', async () => {
    const { code, out } = await showText(settings, { namespace: 'shop' }, 'kind: [');
    expect(code).toBe(2);
    expect(out).toContain('error ns.yaml:1:');
  });

  it('says in one line what is wrong with a manifest, whatever its name does', async () => {
    const name = 'a\u001b[31m\n::error::.yaml';
    await inFolder({ [name]: 'kind: [', 's.yaml': '' }, async (folder) => {
      const { out } = await show({ settings: join(folder, 's.yaml'), namespace: 'shop', filename: [folder] });
      expect(out).toMatch(/^error .*a\?\[31m ::error::\.yaml:1:\d+: /m);
      expect(out).not.toContain('\u001b');
    });
  });

  it('shows no credential that stands in a parameter', async () => {
    const secret = 'ghp_0123456789abcdefghijklmnopqrstuvwx12';
    const text = `policies:\n  forbid-latest-tag: { params: { tags: [${secret}] } }\n`;
    for (const output of ['text', 'json']) {
      expect((await showText(text, { id: 'forbid-latest-tag', output })).out).not.toContain(secret);
    }
  });
});
