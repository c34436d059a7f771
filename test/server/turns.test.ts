import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/server/turns.ts';

/** Enqueues calls of so many bytes, and tells what happened in which order. */
function turn(...calls: readonly { readonly bytes?: number; readonly ms?: number; readonly later?: true }[]) {
  const events: string[] = [];
  let now = 0;
  const enqueue = createTurns(() => now);
  for (const [index, { bytes = 5_000, ms = 0, later }] of calls.entries()) {
    const judge = () => {
      events.push(`judge ${index}`);
      now += ms;
      return later ? undefined : () => void events.push(`answer ${index}`);
    };
    enqueue({ bytes, judge });
  }
  const atOnce = [...events];
  return {
    atOnce,
    whenItEnded: () =>
      new Promise<string[]>((resolve) => {
        setImmediate(() => resolve(events));
      }),
  };
}

describe('calls that come in together', () => {
  it('are judged together in their order, and then answered together', async () => {
    const { atOnce, whenItEnded } = turn({}, {}, { later: true });
    expect(atOnce).toEqual([]);
    expect(await whenItEnded()).toEqual(['judge 0', 'judge 1', 'judge 2', 'answer 0', 'answer 1']);
  });

  it('are answered before a large one is judged, and after one that took long', async () => {
    const large = { bytes: 100_000 };
    expect(await turn({}, large, {}).whenItEnded()).toEqual([
      'judge 0',
      'answer 0',
      'judge 1',
      'judge 2',
      'answer 1',
      'answer 2',
    ]);
    const slow = { ms: 5 };
    expect(await turn(slow, {}).whenItEnded()).toEqual(['judge 0', 'answer 0', 'judge 1', 'answer 1']);
  });

  it('do not wait for the end of the turn when their bodies take much memory', async () => {
    const half = { bytes: 600_000 };
    const { atOnce, whenItEnded } = turn(half, half, half);
    expect(atOnce).toEqual(['judge 0', 'answer 0', 'judge 1', 'answer 1']);
    expect((await whenItEnded()).slice(4)).toEqual(['judge 2', 'answer 2']);
  });

  it('do not wait in any number', async () => {
    const { atOnce, whenItEnded } = turn(...Array.from({ length: 600 }, () => ({ bytes: 0 })));
    const judged = (events: readonly string[]): number =>
      events.filter((event) => event.startsWith('judge')).length;
    expect(judged(atOnce)).toBe(512);
    expect(judged(await whenItEnded())).toBe(600);
  });
});
