/**
 * What one kind goes through. The API server is a fake here, since the real one does not expire a page, break a watch or
 * forget a right at the moment a test wants it to; test/cluster/facts.test.ts has the real one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { builtinKinds } from '#sdk';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import type { ApiObject, Cluster, WatchEvent } from '../../src/cluster/cluster.ts';
import { UserError } from '../../src/errors.ts';
import { followKind, type FollowedKind } from '../../src/live-facts/follow-kind.ts';
import { newestFirst } from '../../src/live-facts/versions.ts';
import { createLogger } from '../../src/log/log.ts';

const maxAgeMs = 40;

interface Fake {
  /** What is answered to a list, one after the other; the last one again and again. */
  lists: (ApiObject | Error)[];
  /** What a watch tells: its events, and then the end, an error, or silence. */
  watches: (readonly (WatchEvent | Error | 'silence')[] | Error)[];
  readonly asked: string[];
  time: number;
  lost: number;
  /** How many objects there were at each list. */
  readonly held: number[];
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  readonly followed: FollowedKind;
}

const open: FollowedKind[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

function follow(
  start: Partial<Pick<Fake, 'lists' | 'watches'>>,
  kind = builtinKinds.PodDisruptionBudget,
): Fake {
  // prettier-ignore
  const lines: string[] = [];
  const asked: string[] = [];
  const fake = {
    lists: start.lists ?? [],
    watches: start.watches ?? [],
    asked,
    time: 0,
    lost: 0,
    held: [] as number[],
  };
  const next = <T>(queue: T[]): T | undefined => (queue.length > 1 ? queue.shift() : queue[0]);
  const cluster: Pick<Cluster, 'list' | 'watch'> = {
    list: async ({ version }, { continue: token } = {}) => {
      await Promise.resolve();
      fake.held.push(followed.index().size());
      asked.push(`list ${version}${token === undefined ? '' : ` ${token}`}`);
      const answer = next(fake.lists);
      if (answer instanceof Error || answer === undefined) throw answer ?? new ClusterError('gone');
      return answer;
    },
    watch: async (_resource, { resourceVersion, signal }) => {
      await Promise.resolve();
      asked.push(`watch ${resourceVersion}`);
      const told = next(fake.watches) ?? ['silence'];
      if (told instanceof Error) throw told;
      return (async function* () {
        for (const event of told) {
          if (event instanceof Error) throw event;
          if (event === 'silence') await sleep(60_000, undefined, { signal });
          else yield event;
        }
      })();
    },
  };
  const followed = followKind({
    kind,
    cluster: () => cluster,
    lost: () => (fake.lost += 1),
    turn: (run) => run(),
    maxAgeMs: () => maxAgeMs,
    clock: () => fake.time,
    logger: createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
  });
  open.push(followed);
  return Object.assign(fake, {
    followed,
    log: () => lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
  });
}

function budget(name: string, resourceVersion = '1'): ApiObject {
  return { metadata: { name, namespace: 'shop', resourceVersion } };
}
function page(resourceVersion: string, names: readonly string[], more?: string): ApiObject {
  const metadata = { resourceVersion, ...(more === undefined ? {} : { continue: more }) };
  return { kind: 'PodDisruptionBudgetList', metadata, items: names.map((name) => budget(name)) };
}
const names = ({ followed }: Fake): readonly unknown[] => followed.index().all().map(({ metadata }) => metadata?.name); // prettier-ignore
const silence = ['silence'] as const;
const until = (what: () => void): Promise<void> => vi.waitFor(what, { timeout: 5_000, interval: 2 });
const state = (fake: Fake) => fake.followed.state();

describe('a kind that is followed', () => {
  it('is listed page by page and then as its watch tells', async () => {
    const fake = follow({
      lists: [page('10', ['a', 'b'], 'next'), page('10', ['c'])],
      watches: [
        [
          { type: 'DELETED', object: budget('a', '11') },
          { type: 'ADDED', object: budget('d', '12') },
          { type: 'BOOKMARK', object: { metadata: { resourceVersion: '20' } } },
          'silence',
        ],
      ],
    });
    await until(() => expect(names(fake)).toEqual(['b', 'c', 'd']));
    expect(fake.asked).toEqual(['list v1', 'list v1 next', 'watch 10']);
    expect(fake.followed.index().all()[0]).toMatchObject({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
    });
    expect(state(fake)).toBe('current');
    expect(fake.log()).toEqual([]);
  });

  it('goes on from where a watch ended, after its bookmark', async () => {
    const told: readonly WatchEvent[] = [{ type: 'BOOKMARK', object: { metadata: { resourceVersion: '20' } } }]; // prettier-ignore
    const fake = follow({ lists: [page('10', ['a'])], watches: [told, silence] });
    await until(() => expect(fake.asked).toEqual(['list v1', 'watch 10', 'watch 20']));
  });

  it('is listed again where its version has expired, and keeps what it had until that is whole', async () => {
    const fake = follow({
      lists: [page('10', ['a', 'b']), page('90', ['b'], 'next'), page('90', ['c'])],
      watches: [new ClusterError('expired', 410), silence],
    });
    await until(() => expect(names(fake)).toEqual(['b', 'c']));
    expect(fake.held).toEqual([0, 2, 2]);
    expect(fake.asked).toEqual(['list v1', 'watch 10', 'list v1', 'list v1 next', 'watch 90']);
  });

  it('is listed from the start where a page has expired', async () => {
    const fake = follow({
      lists: [page('10', ['a'], 'next'), new ClusterError('expired', 410), page('90', ['b'])],
      watches: [silence],
    });
    await until(() => expect(names(fake)).toEqual(['b']));
    expect(fake.asked.slice(0, 3)).toEqual(['list v1', 'list v1 next', 'list v1']);
  });

  it('is believed for a while after its watch broke, and not any longer', async () => {
    const broken = [new ClusterError('the connection broke')];
    const fake = follow({ lists: [page('10', ['a'])], watches: [broken, new ClusterError('unreachable')] });
    await until(() => expect(state(fake)).toBe('broken'));
    expect(fake.log()).toEqual([]);
    fake.time += maxAgeMs;
    expect(state(fake)).toBe('broken');
    fake.time += 1;
    expect(state(fake)).toBe('stale');
    await until(() => expect(fake.log()).toMatchObject([{ level: 'warn', state: 'stale', reason: 'unreachable' }])); // prettier-ignore
    expect(fake.lost).toBeGreaterThan(1);
    fake.watches = [silence];
    await until(() => expect(state(fake)).toBe('current'));
    expect(names(fake)).toEqual(['a']);
    expect(fake.followed.ageMs()).toBe(0);
    // What went on meanwhile is told by the watch: nothing was listed again.
    expect(fake.asked.filter((one) => one.startsWith('list'))).toHaveLength(1);
  });

  it('is believed no more where its watch says nothing at all', async () => {
    const fake = follow({ lists: [page('10', ['a'])], watches: [silence] });
    await until(() => expect(state(fake)).toBe('current'));
    fake.time += maxAgeMs + 1;
    expect(state(fake)).toBe('stale');
  });

  it('is listed anew where the API server keeps refusing to go on', async () => {
    const refused = new ClusterError('Too large resource version', 504);
    const fake = follow({ lists: [page('10', ['a']), page('3', ['b'])], watches: [refused, refused, refused, silence] }); // prettier-ignore
    await until(() => expect(names(fake)).toEqual(['b']));
    expect(fake.asked).toEqual([...['list v1', 'watch 10', 'watch 10', 'watch 10'], 'list v1', 'watch 3']);
  });

  it('is not asked for without a pause where each watch ends at once', async () => {
    const fake = follow({ lists: [page('10', ['a'])], watches: [[]] });
    await until(() => expect(fake.asked.length).toBeGreaterThan(3));
    const before = fake.asked.length;
    // A pause is 5 ms or more; without one it would be thousands.
    await sleep(100);
    expect(fake.asked.length - before).toBeLessThan(30);
    expect(fake.followed.ageMs()).toBe(0);
  });
});

describe('a kind that may not be read', () => {
  it('is unknown at once, forgotten, said once with the right that lacks, and taken up again', async () => {
    const denied = new ClusterError('not allowed to watch poddisruptionbudgets.policy (403)', 403);
    const fake = follow({ lists: [page('10', ['a'])], watches: [denied] });
    fake.lists = [page('10', ['a']), denied];
    await until(() => expect(fake.asked.length).toBeGreaterThan(5));
    expect([state(fake), names(fake), fake.followed.ageMs()]).toEqual(['forbidden', [], undefined]);
    const said = { level: 'warn', kind: 'PodDisruptionBudget', group: 'policy', state: 'forbidden' };
    expect(fake.log()).toMatchObject([{ ...said, reason: denied.message }]);
    fake.watches = [silence];
    fake.lists = [page('99', ['b'])];
    await until(() => expect(state(fake)).toBe('current'));
    expect(names(fake)).toEqual(['b']);
    await until(() => expect(fake.log()).toMatchObject([said, { level: 'info', objects: 1 }]));
  });
});

describe('a kind that the cluster does not have', () => {
  const nothing = new ClusterError('there is no poddisruptionbudgets.policy', 404);

  it('is known to have no objects, and followed as soon as it is there', async () => {
    const fake = follow({ lists: [nothing] });
    await until(() => expect(fake.asked.length).toBeGreaterThan(2));
    expect([state(fake), names(fake), fake.followed.ageMs()]).toEqual(['absent', [], 0]);
    expect(fake.log()).toEqual([]);
    fake.lists = [page('10', ['a'])];
    await until(() => expect([state(fake), names(fake)]).toEqual(['current', ['a']]));
  });

  it('has no objects any more where it is gone in the middle', async () => {
    const fake = follow({ lists: [page('10', ['a']), nothing], watches: [nothing] });
    await until(() => expect([state(fake), names(fake)]).toEqual(['absent', []]));
  });

  it('is looked for in all its versions, the newest first', async () => {
    const kind = { ...builtinKinds.PodDisruptionBudget, versions: ['v1beta1', 'v2', 'v1'] };
    const fake = follow({ lists: [nothing, page('10', ['a'])], watches: [silence] }, kind);
    await until(() => expect(fake.asked).toEqual(['list v2', 'list v1', 'watch 10']));
    expect(fake.followed.index().all()[0]?.apiVersion).toBe('policy/v1');
    expect(newestFirst(['v1alpha2', 'x', 'v1', 'v2beta1', 'v10', 'v1beta1', 'v2'])).toEqual([
      ...['v10', 'v2', 'v1', 'v2beta1', 'v1beta1', 'v1alpha2', 'x'],
    ]);
  });
});

it('a server that knows no cluster says so once, and how to tell it', async () => {
  const fake = follow({ lists: [new UserError('kubeconfig', 'no cluster to talk to')] });
  await until(() => expect(fake.asked.length).toBeGreaterThan(4));
  expect(state(fake)).toBe('starting');
  expect(fake.log()).toMatchObject([{ level: 'warn', state: 'starting', reason: 'no cluster to talk to' }]);
});

it('a fault of daygate costs the kind and not the process, and shows no part of an object', async () => {
  const fake = follow({ lists: [new TypeError('x of { password: planted }')] });
  await until(() => expect(fake.asked.length).toBeGreaterThan(2));
  expect(fake.log()[0]).toMatchObject({ level: 'warn', reason: 'daygate failed on it' });
  expect(JSON.stringify(fake.log())).not.toContain('planted');
});
