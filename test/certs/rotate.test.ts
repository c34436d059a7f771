import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeCluster, installed, objects } from './fake-cluster.ts';
import { rotate } from '../../src/certs/rotate.ts';
import {
  bundlesIn,
  digestOf,
  dataOf,
  day,
  days,
  minute,
  newWorld,
  ours,
  rules,
  settled,
  start,
  workingAt,
  works,
  type World,
} from './world.ts';

describe('daygate certs on an empty installation', () => {
  it('makes a CA, lets every webhook trust it, and only then a certificate', async () => {
    const world = newWorld();
    await world.run();
    expect(world.lines).toEqual([
      'wrote a CA to secrets "daygate-ca" in namespace daygate-system: there is none that can sign',
      'wrote the caBundle of 2 webhooks to validatingwebhookconfigurations.admissionregistration.k8s.io "daygate"',
      'wrote the caBundle of 1 webhook to mutatingwebhookconfigurations.admissionregistration.k8s.io "daygate"',
      'wrote a certificate to secrets "daygate-tls" in namespace daygate-system: there is none that works',
    ]);
    expect(workingAt(world)).toEqual(works);
    expect(ours(dataOf(world, 'ca.crt'))).toBe(1);
  });

  it('changes nothing the second time, nor in the weeks after', async () => {
    const world = await settled();
    const before = digestOf(world.cluster.store);
    await world.run();
    await days(world, 50);
    expect(digestOf(world.cluster.store)).toBe(before);
    expect(world.lines).toEqual([]);
  });

  it('writes nothing in a dry run, and says what it would write', async () => {
    const cluster = fakeCluster();
    const lines: string[] = [];
    const tell = (line: string): number => lines.push(line);
    await rotate({ cluster, objects, rules, now: () => start, dryRun: true, tell });
    expect(lines).toHaveLength(4);
    expect(lines.every((line) => line.startsWith('would write '))).toBe(true);
    expect(digestOf(cluster.store)).toBe(digestOf(installed()));
  });
});

describe('a rotation', () => {
  it('renews the certificate when a third of its life is left, by the same CA', async () => {
    const world = await settled();
    await days(world, 59);
    const before = dataOf(world, 'tls.crt');
    await days(world, 2);
    expect(dataOf(world, 'tls.crt')).not.toBe(before);
    expect(world.lines).toEqual([expect.stringContaining('the one before ends on 2027-02-19')]);
    expect(world.failures).toEqual([]);
  });

  it('replaces the CA in four steps, each after the one before has spread', async () => {
    const world = await settled();
    await days(world, 480, 10);
    await days(world, 6);
    world.lines.length = 0;
    const run = async (afterMs: number): Promise<readonly string[]> => {
      world.pass(afterMs);
      await world.run();
      return world.lines.splice(0).map((line) => line.replace(/ (?:to|in) (?:secrets|\w+webhook).*/, ''));
    };
    expect(await run(day)).toEqual([
      'wrote a CA',
      'wrote the caBundle of 2 webhooks',
      'wrote the caBundle of 1 webhook',
      'wrote ca.crt',
      // The note that it is trusted from now on.
      'wrote',
    ]);
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([2, 2, 2]);
    expect(await run(58 * minute)).toEqual([]);
    expect(await run(3 * minute)).toEqual(['wrote a certificate']);
    expect(await run(58 * minute)).toEqual([]);
    expect(await run(3 * minute)).toEqual([
      'wrote the next CA in the place of the current one',
      'wrote the caBundle of 2 webhooks',
      'wrote the caBundle of 1 webhook',
      'wrote ca.crt',
    ]);
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([1, 1, 1]);
    expect(await run(day)).toEqual([]);
    expect(world.failures).toEqual([]);
  });

  it('waits for the whole overlap, although a certificate tells whole seconds only', async () => {
    const world = await settled();
    await days(world, 486, 6);
    // Whatever is issued from here on is issued at the end of a second.
    world.pass(day + 985);
    await world.run();
    world.lines.length = 0;
    world.pass(61 * minute);
    await world.run();
    expect(world.lines.splice(0)).toEqual([expect.stringContaining('wrote a certificate')]);
    const writing = 7_000;
    world.pass(rules.overlapMs - writing - 500);
    await world.run();
    expect(world.lines).toEqual([]);
    world.pass(2_000);
    await world.run();
    expect(world.lines[0]).toContain('wrote the next CA in the place of the current one');
    expect(world.failures).toEqual([]);
  });

  it('costs no handshake in six years', { timeout: 120_000 }, async () => {
    const world = await settled();
    await days(world, 6 * 365, 4);
    expect(world.lines.filter((line) => line.includes('the next CA in the place'))).toHaveLength(4);
    expect(world.failures).toEqual([]);
  });

  it('costs no handshake however often it runs and wherever it is ended', { timeout: 120_000 }, async () => {
    const gap = fc.oneof(
      fc.integer({ min: 1, max: 180 }).map((minutes) => minutes * minute),
      fc.integer({ min: 1, max: 20 }).map((count) => count * day),
    );
    /** How many calls a run may make: it ends in the middle of the next one, before or after it takes effect. */
    const end = fc.option(fc.record({ after: fc.integer({ min: 0, max: 40 }), late: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(gap, end), { minLength: 5, maxLength: 40 }),
        fc.constantFrom(0, 480, 487, 700),
        async (runs, age) => {
          const world = await settled();
          await days(world, age, 10);
          // A Job whose pod was ended starts another soon: nothing could renew in time what nobody renews for a month.
          let wasEnded = false;
          for (const [pause, kill] of runs) {
            world.pass(wasEnded ? Math.min(pause, 180 * minute) : pause);
            await interrupted(world, kill);
            wasEnded = kill !== null;
          }
          await days(world, 3);
          expect(world.failures).toEqual([]);
          expect(workingAt(world)).toEqual(works);
          const before = digestOf(world.cluster.store);
          await world.run();
          expect(digestOf(world.cluster.store)).toBe(before);
        },
      ),
      { numRuns: 20 },
    );
  });
});

/** Runs as SIGKILL would let it. */
async function interrupted(world: World, kill: { after: number; late: boolean } | null): Promise<void> {
  const { written } = world.cluster;
  let left = kill?.after ?? Infinity;
  const die = (): never => {
    throw new Error('killed');
  };
  world.cluster.before = () => {
    left -= 1;
    if (left < 0 && kill?.late !== true) die();
  };
  world.cluster.written = () => {
    written();
    if (left < 0) die();
  };
  await world.run().catch((error: unknown) => {
    if (!String(error).includes('killed')) throw error;
  });
  world.cluster.before = () => undefined;
  world.cluster.written = written;
}

describe('a run that is ended after any call', () => {
  it('of the first installation is finished by the next', async () => {
    for (let after = 0; after < 40; after++) {
      const world = newWorld();
      await interrupted(world, { after, late: after % 2 === 0 });
      await world.run();
      expect(workingAt(world)).toEqual(works);
      expect(bundlesIn(world.cluster.store).map(ours)).toEqual([1, 1, 1]);
      expect(world.failures).toEqual([]);
    }
  });
});

describe('two runs at the same time', () => {
  it('do each other no harm', async () => {
    const world = newWorld();
    await Promise.all([world.run(), world.run(), world.run()]);
    expect(world.lines.filter((line) => line.includes('changed by somebody else')).length).toBeGreaterThan(0);
    expect(workingAt(world)).toEqual(works);
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([1, 1, 1]);
    await days(world, 486, 10);
    for (let turn = 0; turn < 4; turn++) {
      world.pass(day);
      await Promise.all([world.run(), world.run()]);
    }
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([1, 1, 1]);
    expect(world.failures).toEqual([]);
  });

  it('give up where something else writes each time', async () => {
    const cluster = fakeCluster();
    cluster.before = (call, write) => {
      const { ca } = cluster.store;
      if (write && ca !== undefined) ca.metadata.resourceVersion = `other-${call}`;
    };
    const run = rotate({ cluster, objects, rules, now: () => start, tell: () => undefined });
    await expect(run).rejects.toMatchObject({ code: 'certificate' });
    await expect(run).rejects.toThrow('do not settle after 30 writes');
  });
});

describe('certificates after a long time without a run', () => {
  it.each([70, 100, 400, 600, 800, 3000])('of %d days are made anew at once', async (count) => {
    const world = await settled();
    world.now += count * day;
    await world.run();
    expect(workingAt(world)).toEqual(works);
    // Until that has spread, pods still serve what has ended.
    world.pass(day);
    world.failures.length = 0;
    await days(world, 5);
    expect(world.failures).toEqual([]);
    expect(bundlesIn(world.cluster.store).map(ours)).toEqual([1, 1, 1]);
  });
});

describe('other names', () => {
  it('lead to another certificate by the same CA', async () => {
    const world = await settled();
    world.pass(day);
    await world.run({ names: [...rules.names, 'daygate.example.com'] });
    expect(world.lines).toEqual([expect.stringContaining('the one before is not for daygate.example.com')]);
    expect(world.failures).toEqual([]);
  });
});
