import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policies } from '../../policies/index.ts';
import { showSettings, type SettingsOptions } from '../../src/cli/settings.ts';
import type { PolicyInForce, ShownSettings } from '../../src/cli/settings/in-force.ts';
import { errorCodes, UserError } from '../../src/errors.ts';
import { collectedIo } from './collected-io.ts';
import { inFolder, now, type CheckResult } from './run-check.ts';
import { later, settings } from './team-settings.ts';

type Options = SettingsOptions & { readonly id?: string };

async function show({ id, ...options }: Options): Promise<CheckResult> {
  const { io, out } = collectedIo(now);
  try {
    return { code: await showSettings(id, options, policies, io), out: out(), err: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: errorCodes[error.code].exit, out: out(), err: error.message };
  }
}

/** Shows settings from a text; places are told without the folder. */
function showText(text: string, options: Options = {}, manifests?: string): Promise<CheckResult> {
  return inFolder({ 's.yaml': text, 'ns.yaml': manifests ?? '' }, async (folder) => {
    const given = manifests === undefined ? {} : { filename: [join(folder, 'ns.yaml')] };
    const { code, out, err } = await show({ settings: join(folder, 's.yaml'), ...given, ...options });
    return { code, out: out.replaceAll(`${folder}/`, ''), err: err.replaceAll(`${folder}/`, '') };
  });
}

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

describe('mistakes in the settings', () => {
  it('are named all at once, each at its line and column, with the name that was meant', async () => {
    const { code, err } = await showText(`profil: production
enforcement: { defalt: observe, namespaces: { shop: obsrve } }
kubernetes: 1.36
policies:
  require-replicas: { action: dney, parms: { min: 3 } }
  require-memory-limit: denny
profiles:
  Team: { extends: baseline }
  team: { extend: baseline, policies: { require-replicas: { fix: yes } } }
exceptions:
  - policies: require-replicas
    match: { nmespace: shop }
    owner: ''
    expires: 2027-02-30
webhook: { timeoutSeconds: 99, failurePolicy: fail, url: http://x }
sandbox: []
`);
    expect(code).toBe(2);
    expect(err.split('\n')).toEqual([
      's.yaml:1:1: profil: there is no such setting: did you mean profile?',
      's.yaml:2:16: enforcement.defalt: there is no such setting: did you mean default?',
      's.yaml:2:53: enforcement.namespaces.shop: expected enforce, observe: did you mean observe?',
      's.yaml:3:13: kubernetes: expected a version in quotes, such as "1.36": without them YAML reads a number',
      's.yaml:5:31: policies.require-replicas.action: expected deny, warn, audit, off: did you mean deny?',
      's.yaml:5:37: policies.require-replicas.parms: there is no such setting: did you mean params?',
      's.yaml:6:25: policies.require-memory-limit: expected deny, warn, audit, off, or a table of settings: did you mean deny?',
      's.yaml:8:3: profiles.Team: expected lower-case letters, digits and dashes',
      's.yaml:9:11: profiles.team.extend: there is no such setting: did you mean extends?',
      's.yaml:9:66: profiles.team.policies.require-replicas.fix: expected true or false',
      's.yaml:11:5: exceptions.0.reason: is missing: expected a text',
      's.yaml:11:15: exceptions.0.policies: expected a list',
      's.yaml:12:14: exceptions.0.match.nmespace: there is no such setting: did you mean namespace?',
      's.yaml:13:12: exceptions.0.owner: must not be empty',
      's.yaml:14:14: exceptions.0.expires: expected a day of the calendar, such as 2027-03-31',
      's.yaml:15:28: webhook.timeoutSeconds: expected at most 30',
      's.yaml:15:47: webhook.failurePolicy: expected Ignore, Fail: did you mean Fail?',
      's.yaml:15:58: webhook.url: expected an address that begins with https://',
      's.yaml:16:10: sandbox: expected a table',
    ]);
  });

  it('say where a parameter stands that was written beside the action', async () => {
    const { err } = await showText('policies: { require-replicas: { action: deny, min: 3 } }');
    expect(err).toBe(
      's.yaml:1:47: policies.require-replicas.min: there is no such setting ' +
        '(known: action, params, fix, grandfatherUntil, policyReport): a parameter of the policy stands in params',
    );
  });

  it('are found in names and parameters, too, in the profile that has them', async () => {
    const { err } = await showText(`profile: prodution
policies:
  require-replica: deny
  require-replicas: { params: { mn: 3, min: many } }
profiles:
  team:
    extends: basline
  other:
    extends: baseline
    policies:
      require-replicas: { action: deny, params: { min: x, mx: 2 } }
exceptions:
  - { policies: [require-replicsa], match: {}, owner: x, reason: y, expires: 2099-02-28 }
`);
    expect(err.split('\n').toSorted()).toEqual([
      's.yaml:11:56: profiles.other.policies.require-replicas.params.min: expected a number',
      's.yaml:11:59: profiles.other.policies.require-replicas.params.mx: require-replicas has no parameter mx: did you mean min?',
      's.yaml:13:18: exceptions.0.policies.0: there is no policy require-replicsa: did you mean require-replicas?',
      's.yaml:13:44: exceptions.0.match: name at least one of namespace, kind, name, container',
      's.yaml:13:78: exceptions.0.expires: no exception may last longer than 365 days: choose an earlier day than 2099-02-28',
      's.yaml:1:10: profile: there is no profile prodution: did you mean production?',
      's.yaml:3:3: policies.require-replica: there is no policy require-replica: did you mean require-replicas?',
      's.yaml:4:33: policies.require-replicas.params.mn: require-replicas has no parameter mn: did you mean min?',
      's.yaml:4:45: policies.require-replicas.params.min: expected a number',
      's.yaml:7:14: profiles.team.extends: there is no profile basline: did you mean baseline?',
    ]);
  });

  it.each([
    ['profile: [\n', 's.yaml:2:1: '],
    ['a: 1\na: 2\n', 's.yaml:2:1: Map keys must be unique'],
    ['- a\n', 's.yaml:1:1: expected a table'],
    ['profile: x\n---\nprofile: y\n', 's.yaml:2:1: a second document begins here, and only one is read'],
    ['"__proto__": { x: 1 }\n', 's.yaml:1:1: __proto__: there is no such setting'],
    [
      `a: &a [${'x,'.repeat(50)}]\nb: &b [${'*a,'.repeat(50)}]\nc: [${'*b,'.repeat(50)}]\n`,
      'Excessive alias count',
    ],
    ['profile: "\u001b[31mred"\n', 'there is no profile ?[31mred'],
    // Two webhooks would have one name, which the API server refuses.
    [
      'profiles: { cluster: { extends: production } }\n',
      's.yaml:1:13: profiles.cluster: expected another name: daygate has webhooks called cluster, own and own-cluster',
    ],
    // What no rule of a webhook would match, or what all would.
    [
      'workloads: [{ group: argoproj.io, kind: Rollout, resource: Rollouts }]\n',
      's.yaml:1:60: workloads.0.resource: expected the plural name as in URLs, in lower case',
    ],
    [
      'workloads: [{ group: "*", versions: ["*"], kind: Rollout, resource: rollouts }]\n',
      's.yaml:1:22: workloads.0.group: expected an API group, such as argoproj.io',
    ],
    // A selector of webhooks takes names alone, and only those that a namespace can have.
    ['exemptNamespaces: ["team-*"]\n', 's.yaml:1:20: exemptNamespaces.0: expected the whole name of a names'],
  ])('%j is refused in words', async (text, message) => {
    const { code, err } = await showText(text);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
