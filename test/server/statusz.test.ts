import { afterEach, describe, expect, it } from 'vitest';
import { builtinProfiles } from '../../src/engine/profiles.ts';
import { start } from './harness.ts';
import { mountFiles, startMounted, statusOf } from './mounted-files.ts';
import { misbehaving } from './own-policies.ts';
import { admissionReview, limited, pod } from './reviews.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

describe('/statusz', () => {
  it('tells what is in force, and no more than its schema', async () => {
    const mount = mountFiles({
      'daygate.yaml': 'enforcement: observe\npolicyFolders: [.]\nsandbox: { faults: 1 }\nprofiles: { team: { extends: baseline, enforcement: enforce } }\n',
      'policy.ts': misbehaving.exit,
    });
    ends.push(() => mount.remove());
    const server = await startMounted(mount);
    ends.push(() => server.end());
    const { status, headers } = await server.call('/statusz');
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    const told = await statusOf(server);
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
    const digest = expect.stringMatching(/^[\da-f]{12}$/) as string;
    expect(told).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      node: process.version,
      started: instant,
      draining: false,
      checks: ['policies', 'settings', 'self-call', 'certificate', 'not-draining', 'facts'].map((name) => ({ name, ok: true })),
      settings: {
        file: mount.path('daygate.yaml'),
        digest,
        loaded: instant,
        problem: null,
        profile: 'production',
        enforcement: 'observe',
        failurePolicy: 'Ignore',
        webhooks: digest,
      },
      profiles: {
        ...Object.fromEntries(Object.keys(builtinProfiles).map((name) => [name, expect.anything() as object])),
        team: { deny: 1, warn: expect.any(Number) as number, audit: 0, enforcement: 'enforce' },
      },
      ownPolicies: [{ id: 'forbid-exit', quarantined: false }],
      certificate: { fingerprint: expect.stringMatching(/^[\dA-F:]{95}$/) as string, ends: instant, caEnds: instant },
      breakglass: null,
      facts: null,
    });
    const object = pod([{ name: 'app', image: 'web:1.0', ...limited }], { labels: { exit: 'x' } });
    await server.judged(admissionReview({ object }));
    expect((await statusOf(server)).ownPolicies).toEqual([{ id: 'forbid-exit', quarantined: true }]);
    expect((await server.call('/statusz', { method: 'POST' })).status).toBe(405);
  }); // prettier-ignore

  it('has what others add', async () => {
    const server = await start({
      status: [{ name: 'other', value: () => Promise.resolve({ some: null }) }],
    });
    ends.push(() => server.end());
    expect(JSON.parse((await server.call('/statusz')).text)).toMatchObject({ other: { some: null } });
  });
});
