import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { listExceptions, type ExceptionsOptions } from '../../src/cli/exceptions.ts';
import { exceptionsText } from '../../src/cli/exceptions/exceptions-text.ts';
import type { ReviewedException } from '../../src/cli/exceptions/review-exceptions.ts';
import { errorCodes, UserError } from '../../src/errors.ts';
import { plainPaint } from '../../src/report/paint.ts';
import { collectedIo } from './collected-io.ts';
import { inFolder, runCheck, type CheckResult, type JsonOutput } from './run-check.ts';

const day = 86_400_000;
/** The last moment of 2026-11-20, UTC. */
const now = Date.parse('2026-11-21T00:00:00Z') - 1000;

function exception(ids: string, match: string, expires: string): string {
  return `  - { policies: [${ids}], match: { ${match} }, owner: team-shop, reason: until the move, expires: ${expires} }\n`;
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 1
  template: { spec: { containers: [{ name: app, image: 'app:latest' }] } }
`;

function inProject<T>(exceptions: string, run: (list: List) => Promise<T>): Promise<T> {
  const files = { 'daygate.yaml': `exceptions:\n${exceptions}`, 'deploy/web.yaml': deployment };
  return inFolder(files, (folder) =>
    run((options = {}, paths = ['deploy'], at = now) =>
      listIn(
        paths.map((path) => join(folder, path)),
        { settings: join(folder, 'daygate.yaml'), ...options },
        at,
      ),
    ),
  );
}

type List = (options?: ExceptionsOptions, paths?: readonly string[], at?: number) => Promise<CheckResult>;

async function listIn(
  paths: readonly string[],
  options: ExceptionsOptions,
  at: number,
): Promise<CheckResult> {
  const { io, out } = collectedIo(at);
  try {
    return { code: await listExceptions(paths, options, policies, io), out: out(), err: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: errorCodes[error.code].exit, out: out(), err: error.message };
  }
}

async function listed(list: List, ...args: Parameters<List>): Promise<readonly ReviewedException[]> {
  const [options = {}, ...rest] = args;
  const { out, err } = await list({ ...options, output: 'json' }, ...rest);
  expect(err).toBe('');
  return (JSON.parse(out) as { exceptions: readonly ReviewedException[] }).exceptions;
}

describe('daygate exceptions', () => {
  it('says in one line what it hits and what is wrong, whatever the names of files do', async () => {
    const settings = `exceptions:\n${exception('require-replicas', 'name: web', '2027-03-31')}`;
    const [name, broken] = ['a\u001b[31m\n::error::.yaml', 'b\u001b[31m.yaml'];
    await inFolder(
      { 's.yaml': settings, [`d/${name}`]: deployment, [`d/${broken}`]: 'a: [' },
      async (folder) => {
        const { out } = await listIn([join(folder, 'd')], { settings: join(folder, 's.yaml') }, now);
        expect(out).toMatch(/^ +\S+\/a\?\[31m ::error::\.yaml:5:3: Deployment shop\/web at spec\.replicas$/m);
        expect(out).toMatch(/^error \S+\/b\?\[31m\.yaml:1:\d+: /m);
        expect(out).not.toContain('\u001b');
      },
    );
  });

  it('says of each when it ends and what it hits', async () => {
    const exceptions = [
      exception('require-replicas, forbid-host-ports', 'namespace: shop, name: w*', '2027-03-31'),
      exception('forbid-latest-tag', 'kind: Deployment', '2026-12-01'),
      exception('forbid-latest-tag', 'name: web', '2026-11-01'),
      exception('forbid-host-ports', 'name: web', '2027-03-31'),
      exception('forbid-latest-tag', 'name: we', '2027-03-31'),
    ].join('');
    await inProject(exceptions, async (list) => {
      const reviewed = await listed(list);
      expect(
        reviewed.map(({ state, use, objects, daysLeft, idlePolicies, hits }) => [
          state,
          daysLeft,
          use,
          objects,
          idlePolicies,
          hits.map(({ policy, locator, line }) => `${policy} ${locator} ${line}`),
        ]),
      ).toEqual([
        ['in-force', 132, 'used', 1, ['forbid-host-ports'], ['require-replicas spec.replicas 5']],
        ['expiring', 12, 'used', 1, [], ['forbid-latest-tag spec.template.spec.containers[app].image 6']],
        ['expired', -18, 'used', 1, [], ['forbid-latest-tag spec.template.spec.containers[app].image 6']],
        ['in-force', 132, 'unused', 1, [], []],
        ['in-force', 132, 'unused', 0, [], []],
      ]);
      const { out } = await list();
      expect(out).toContain('1 finding it takes out of the count:');
      expect(out).toContain('1 finding it no longer covers:');
      expect(out).toContain('daygate.yaml:2:5');
      expect(out).toContain('until 2026-11-01 (ended 18 days ago), team-shop: until the move');
      expect(out).toContain('needed no more for forbid-host-ports');
      expect(out).toContain('hits nothing on the 1 object it is about: remove it');
      expect(out).toContain('is about no object among these: remove it, or mend its match');
      expect(out).toMatch(/5 exceptions: 1 expired, 1 expiring within 30 days, 2 unused\.\n$/);
    });
  });

  it('ends one at midnight UTC after its day, as check does', async () => {
    await inProject(exception('require-replicas', 'name: web', '2026-11-20'), async (list) => {
      expect((await listed(list))[0]).toMatchObject({ state: 'expiring', daysLeft: 1 });
      expect((await listed(list, {}, ['deploy'], now + 1000))[0]).toMatchObject({
        state: 'expired',
        daysLeft: 0,
      });
    });
  });

  it('fails where that is asked for', async () => {
    await inProject(exception('forbid-host-ports', 'name: web', '2026-12-01'), async (list) => {
      expect((await list()).code).toBe(0);
      expect((await list({ failOn: ['expired'] })).code).toBe(0);
      expect((await list({ failOn: ['expired,unused'] })).code).toBe(1);
      expect((await list({ failOn: ['expiring'], within: '12d' })).code).toBe(1);
      expect((await list({ failOn: ['expiring'], within: '11d' })).code).toBe(0);
      expect((await list({ failOn: ['expired'] }, ['deploy'], now + 20 * day)).code).toBe(1);
    });
  });

  it('calls nothing unused when no manifests were named, or not all could be judged', async () => {
    await inProject(exception('forbid-host-ports', 'name: web', '2027-03-31'), async (list) => {
      expect((await listed(list, {}, []))[0]).toMatchObject({ use: 'unknown', objects: null, hits: [] });
      expect((await list({}, [])).out).toContain('What they hit shows when manifests are named');
      const broken = await list({ output: 'json', failOn: ['unused'] }, ['deploy', 'missing.yaml']);
      expect(broken.code).toBe(2);
      expect(broken.out).toContain('"use": "unknown"');
      expect(broken.out).toContain('no such file or folder');
    });
  });

  it('says of one for a container whether that is written here: what is injected is in no manifest', async () => {
    const of = (name: string, image: string) =>
      exception(
        'forbid-latest-tag',
        `kind: Deployment, container: { name: ${name}, image: '${image}' }`,
        '2027-03-31',
      );
    const exceptions = [of('app', 'app:*'), of('app', 'app:1.*'), of('istio-proxy', 'istio/proxyv2:*')].join(
      '',
    );
    await inProject(exceptions, async (list) => {
      const reviewed = await listed(list);
      expect(reviewed.map(({ use, objects, hits }) => [use, objects, hits.length])).toEqual([
        ['used', 1, 1],
        ['unknown', 0, 0],
        ['unknown', 0, 0],
      ]);
      expect((await list({ failOn: ['unused'] })).code).toBe(0);
      const { out } = await list();
      expect(out).toContain(
        'forbid-latest-tag on kind Deployment, container istio-proxy of istio/proxyv2:* ',
      );
      expect(out).toContain(
        'is about no container among these: daygate audit tells of those that are injected',
      );
    });
    await inProject(of('app', 'app:*').replace('latest-tag', 'host-ports'), async (list) => {
      expect((await listed(list))[0]).toMatchObject({ use: 'unused', objects: 1 });
      expect((await list({ failOn: ['unused'] })).code).toBe(1);
    });
  });

  it('knows an object by its name, also one that is not shown since it looks like a credential', async () => {
    const name = `glpat-${'k7q2m9x4'.repeat(3)}`.slice(0, 26);
    const files = { 'deploy/web.yaml': deployment.replace('name: web', `name: ${name}`) };
    const exceptions = exception('forbid-latest-tag', `kind: Deployment, name: ${name}`, '2027-03-31');
    await inFolder({ 'daygate.yaml': `exceptions:\n${exceptions}`, ...files }, async (folder) => {
      const list: List = (options) =>
        listIn([join(folder, 'deploy')], { settings: join(folder, 'daygate.yaml'), ...options }, now);
      expect((await listed(list))[0]).toMatchObject({ use: 'used', objects: 1 });
      expect((await list()).out).not.toContain(name);
    });
  });

  it.each<readonly [ExceptionsOptions, readonly string[], string]>([
    [
      { failOn: ['expird'] },
      ['deploy'],
      '--fail-on expird: expected expired, expiring, unused: did you mean expired?',
    ],
    [{ failOn: ['unused'] }, [], '--fail-on unused: name the manifests'],
    [{ within: 'soon' }, ['deploy'], '--within soon: expected days, such as 30d'],
    [{ output: 'xml' }, ['deploy'], 'there is no output format xml'],
  ])('%j is wrong use', async (options, paths, message) => {
    await inProject(exception('forbid-host-ports', 'name: web', '2027-03-31'), async (list) => {
      const { code, err } = await list(options, paths);
      expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    });
  });

  it('is short where there are none', async () => {
    await inProject('  []\n', async (list) => {
      expect(await list()).toMatchObject({
        code: 0,
        out: expect.stringMatching(/daygate\.yaml has no exceptions\.\n$/) as string,
      });
    });
  });
});

it('a finding counts again when its exception has ended, and check says so', async () => {
  const settings = (expires: string) => `exceptions:\n${exception('require-replicas', 'name: web', expires)}`;
  for (const [expires, code] of [
    ['2020-01-01', 1],
    [new Date(Date.now() + day).toISOString().slice(0, 10), 0],
  ] as const) {
    await inFolder({ 's.yaml': settings(expires), 'a.yaml': deployment }, async (folder) => {
      const options = { settings: join(folder, 's.yaml'), only: ['require-replicas'] };
      const result = await runCheck([join(folder, 'a.yaml')], { ...options, output: ['json'] });
      expect(result.code).toBe(code);
      const [finding] = (JSON.parse(result.out) as JsonOutput).findings;
      const answer = { owner: 'team-shop', reason: 'until the move', expires };
      expect(finding).toMatchObject(code === 0 ? { exception: answer } : { ended: answer, action: 'deny' });
    });
  }
});

it('says of what was rendered in which way it was', () => {
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const found = { policy: 'require-owner', locator: 'metadata.labels.owner', file: 'web.yaml', line: 3, column: 1 };
  const text = exceptionsText(
    [
      {
        ...{ policies: ['require-owner'], match: { namespace: 'shop' }, owner: 'team-shop', reason: 'until the move' },
        ...{ expires: '2026-11-30', place: 'daygate.yaml:2:5', state: 'in-force', daysLeft: 10, use: 'used' },
        ...{ objects: 2, idlePolicies: [] },
        hits: ['prod.yaml', 'dev.yaml'].map((values) => ({ ...found, object, render: `charts/web (${values})` })),
      },
    ],
    [],
    { file: 'daygate.yaml', withinDays: 30 },
    plainPaint,
  );
  expect(text).toContain('web.yaml:3:1: Deployment shop/web in charts/web (prod.yaml) at metadata.labels.owner\n');
  expect(text).toContain('web.yaml:3:1: Deployment shop/web in charts/web (dev.yaml) at metadata.labels.owner\n');
}); // prettier-ignore
