import { describe, expect, it } from 'vitest';
import { breakglass, type BreakglassOptions } from '../../src/breakglass/breakglass.ts';
import type { ApiObject, OpenedCluster } from '../../src/cluster/cluster.ts';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import type { ObjectRef } from '../../src/cluster/resource.ts';
import { UserError } from '../../src/errors.ts';
import { runProgram } from '../cli/run-program.ts';

const now = Date.UTC(2026, 5, 1, 12);

interface Stored {
  metadata: Record<string, unknown> & { resourceVersion: string };
  webhooks: Record<string, unknown>[];
}

/** Two configurations that only remember. test/cluster/breakglass.test.ts is about the real ones. */
function fakeCluster() {
  const stored = (path: string): Stored => ({
    metadata: { resourceVersion: '1', annotations: {}, labels: {} },
    webhooks: [
      {
        name: 'a.daygate.dev',
        clientConfig: { service: { path } },
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
      },
    ],
  });
  const store: Record<string, Stored> = {
    validatingwebhookconfigurations: stored('/validate/production'),
    mutatingwebhookconfigurations: stored('/mutate/production'),
  };
  const writes: string[] = [];
  const fake = {
    store,
    writes,
    /** Throws what a call should fail with. */
    before: (() => undefined) as (verb: string, resource: string) => void,
  };
  const find = ({ resource }: ObjectRef): Stored => {
    const found = store[resource];
    if (found === undefined) throw new ClusterError(`there is no ${resource}`, 404);
    return found;
  };
  const cluster: OpenedCluster = {
    server: 'https://fake',
    context: 'prod',
    get: async (ref) => {
      await Promise.resolve();
      fake.before('get', ref.resource);
      return structuredClone(find(ref)) as unknown as ApiObject;
    },
    patch: async (ref, patch, { dryRun = false } = {}) => {
      await Promise.resolve();
      fake.before('patch', ref.resource);
      const object = find(ref);
      // RFC 7396: null takes a field away.
      const { metadata, webhooks } = JSON.parse(
        JSON.stringify(patch, (_, value: unknown) => value ?? undefined),
      ) as Stored;
      if (metadata.resourceVersion !== object.metadata.resourceVersion)
        throw new ClusterError('changed (409)', 409);
      if (!dryRun) {
        writes.push(ref.resource);
        const resourceVersion = String(Number(object.metadata.resourceVersion) + 1);
        store[ref.resource] = { metadata: { ...object.metadata, ...metadata, resourceVersion }, webhooks };
      }
      return {};
    },
    create: () => Promise.resolve({ status: { userInfo: { username: 'jane' } } }),
    list: () => Promise.reject(new Error('no right to that')),
    read: () => Promise.reject(new Error('no right to that')),
    watch: () => Promise.reject(new Error('no right to that')),
    remove: () => Promise.reject(new Error('no right to that')),
  };
  const run = async (options: Partial<BreakglassOptions>, at = now): Promise<string> => {
    let out = '';
    const io = { out: (text: string) => void (out += text), now: () => at };
    await breakglass({ configuration: 'daygate', ...options }, io, () => cluster);
    return out;
  };
  const suspend = (more: Partial<BreakglassOptions> = {}) => run({ for: '30m', reason: 'INC-1', ...more });
  return { ...fake, fake, run, suspend };
}

describe('breakglass', () => {
  it('tells what it did, for how long, and how to undo it on the same cluster', async () => {
    const { suspend } = fakeCluster();
    expect(await suspend({ kubeconfig: "/tmp/jane's config", context: 'prod' }))
      .toBe(`suspending enforcement until 2026-06-01T12:30:00Z: INC-1
in prod (https://fake)
  validatingwebhookconfigurations.admissionregistration.k8s.io "daygate": suspended: a.daygate.dev
  mutatingwebhookconfigurations.admissionregistration.k8s.io "daygate": suspended: a.daygate.dev
daygate enforces again by itself after 2026-06-01T12:30:00Z where it answers; failurePolicy stays Ignore until this is undone.
The CronJob daygate-breakglass-undo undoes it then, where it is installed (deploy/breakglass.yaml). Sooner, or without it:
  daygate breakglass --undo --kubeconfig '/tmp/jane'\\''s config' --context prod
`);
  });

  it('lasts for a day at most', async () => {
    expect(await fakeCluster().suspend({ for: '24h' })).toContain('until 2026-06-02T12:00:00Z');
    await expect(fakeCluster().suspend({ for: '1441m' })).rejects.toThrow('hours up to 24h');
  });

  it('tells servers and the undo of the same moment, whenever it begins', async () => {
    const { run, store } = fakeCluster();
    await run({ for: '30m', reason: 'INC-1' }, now + 847);
    const text = JSON.stringify(store['validatingwebhookconfigurations']);
    const [, seconds = ''] = /suspended\/until-(\d+)/.exec(text) ?? [];
    const [, until = ''] = /until\\*":\\*"([^"\\]+)/.exec(text) ?? [];
    expect(new Date(until).getTime()).toBe(Number(seconds) * 1000);
    expect(Number(seconds) * 1000).toBe(now + 30 * 60_000 + 1000);
  });

  it('reads again what somebody changed under its hands, and gives up on who goes on', async () => {
    const { fake, store, suspend } = fakeCluster();
    let changes = 0;
    fake.before = (verb, resource) => {
      if (verb !== 'patch' || resource !== 'validatingwebhookconfigurations' || changes++ >= 2) return;
      const { metadata, webhooks } = store[resource] ?? {};
      if (metadata !== undefined) metadata.resourceVersion += '0';
      webhooks?.push({
        name: `late${changes}.daygate.dev`,
        clientConfig: { service: { path: '/validate/baseline' } },
      });
    };
    expect(await suspend()).toContain('suspended: a.daygate.dev, late1.daygate.dev, late2.daygate.dev\n');
    changes = -10;
    await expect(suspend()).rejects.toThrow(/409[\s\S]*only a part was done: run the same again, or undo/);
  });

  it('lets go of the one where the other refuses, and can be run again or undone', async () => {
    for (const next of ['again', 'undo'] as const) {
      const { fake, store, writes, suspend, run } = fakeCluster();
      const before = JSON.stringify(Object.values(store).map(({ webhooks }) => webhooks));
      fake.before = (verb, resource) => {
        if (verb === 'patch' && resource.startsWith('validating'))
          throw new ClusterError('not allowed to patch validatingwebhookconfigurations', 403);
      };
      await expect(suspend()).rejects.toThrow(/not allowed to patch validating[\s\S]*only a part was done/);
      expect(writes).toEqual(['mutatingwebhookconfigurations']);
      fake.before = () => undefined;
      if (next === 'again') expect(await suspend()).toContain('validating');
      await run({ undo: true });
      expect(JSON.stringify(Object.values(store).map(({ webhooks }) => webhooks))).toBe(before);
    }
  });

  it('undoes what is due, and only that', async () => {
    const { run, suspend, writes } = fakeCluster();
    await suspend();
    expect(await run({ undo: true, whenDue: true }, now + 1_799_000)).toMatch(
      /, by jane since \S+: INC-1\n[\s\S]*not due yet\n$/,
    );
    expect(writes).toHaveLength(2);
    expect(await run({ undo: true, whenDue: true }, now + 1_800_000)).toContain(
      'enforced again: a.daygate.dev',
    );
    expect(await run({ undo: true, whenDue: true }, now + 1_800_000)).toBe(
      'nothing is suspended in prod (https://fake)\n',
    );
  });

  it('works with one configuration, and says where there is none', async () => {
    const { run, store, suspend } = fakeCluster();
    Reflect.deleteProperty(store, 'mutatingwebhookconfigurations');
    expect(await suspend()).toContain('suspended: a.daygate.dev');
    Reflect.deleteProperty(store, 'validatingwebhookconfigurations');
    await expect(suspend()).rejects.toThrow(/there is neither .* is this the right cluster\?/);
    await expect(run({ undo: true })).rejects.toThrow(UserError);
  });

  it('says what cannot be put back, because the annotation is gone', async () => {
    const { run, store, suspend } = fakeCluster();
    await suspend();
    for (const { metadata } of Object.values(store)) metadata['annotations'] = {};
    await expect(run({ undo: true })).rejects.toThrow(
      /what a\.daygate\.dev had as failurePolicy .* daygate render/,
    );
  });

  it('writes nothing in a dry run', async () => {
    const { suspend, run, writes } = fakeCluster();
    expect(await suspend({ dryRun: true })).toContain('would be suspended: a.daygate.dev');
    expect(writes).toEqual([]);
    await suspend();
    expect(await run({ undo: true, dryRun: true })).toContain('would be enforced again: a.daygate.dev');
    expect(writes).toHaveLength(2);
  });

  it('keeps a credential in the reason to itself', async () => {
    const { store, suspend } = fakeCluster();
    const token = ['gh', 'p_', 'CANARYcanary'.repeat(3)].join('');
    expect(await suspend({ reason: `with ${token}` })).not.toContain(token);
    expect(JSON.stringify(store)).not.toContain(token);
  });

  it.each<readonly [readonly string[], string]>([
    [[], '--for: say for how long'],
    [['--for', '30m'], '--reason: say why'],
    [['--for', '30m', '--reason', ' '], 'empty'],
    [['--for', '25h', '--reason', 'x'], '--for 25h: expected minutes or hours up to 24h'],
    [['--for', '0m', '--reason', 'x'], '--for 0m'],
    [['--for', '30', '--reason', 'x'], '--for 30:'],
    [['--for', '-5m', '--reason', 'x'], '--for'],
    [['--for', '30m', '--reason', 'x'.repeat(301)], 'at most 300 characters'],
    [['--for', '30m', '--reason', 'x', '--when-due'], '--when-due goes with --undo'],
    [['--undo', '--for', '30m'], '--undo takes neither'],
    [['--undo', '--kubeconfig', '/does/not/exist'], 'no such file'],
  ])('refuses %j', async (args, says) => {
    const { code, out, err } = await runProgram(['breakglass', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });
});
