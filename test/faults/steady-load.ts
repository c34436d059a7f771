import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { admissionReview, deniedPod, passingPod, patchedPod } from '../../bench/reviews.ts';
import type { Client } from '../server/harness.ts';

export interface LoadReport {
  readonly calls: number;
  /** Calls that were due and not made, because a thousand were under way. */
  readonly unmade: number;
  /** What went wrong, with the milliseconds since the load began. */
  readonly failures: readonly { readonly atMs: number; readonly what: string }[];
  /** Milliseconds from the moment a call was due to its answer. */
  readonly latencies: readonly number[];
}

export interface SteadyLoad {
  /** Milliseconds since it began. */
  readonly elapsed: () => number;
  /** Ends the load, waits for what is under way, and tells what became of it. */
  stop(): Promise<LoadReport>;
}

interface Kind {
  readonly path: string;
  readonly body: string;
  readonly answer: RegExp;
}

/** What a cluster sends: mostly Pods that pass, some that are denied, some to be patched. */
const mix: readonly Kind[] = [
  { path: '/validate/production', body: admissionReview(passingPod()), answer: /"allowed":true/ },
  { path: '/mutate/production', body: admissionReview(patchedPod()), answer: /"patchType":"JSONPatch"/ },
  { path: '/validate/production', body: admissionReview(passingPod()), answer: /"allowed":true/ },
  { path: '/validate/production', body: admissionReview(deniedPod()), answer: /"allowed":false/ },
];
const uidInMix = '705ab4f5-6393-11e8-b7cc-42010a800002';

// Where a machine is too slow for the rate, or nobody answers any more, the test has to end and not the machine: further
// calls are not made, which is told and no failure of those that are. What gets no answer at all is one, in the end.
const mostUnderWay = 1000;

/** What one call of a load does: nothing when all was as it should be, otherwise what was not. */
export type Send = (index: number) => Promise<string | undefined>;

/** Reviews with a uid of its own each, which its answer must carry, and a verdict that is known, or any verdict. */
export function reviewsFrom(client: Client, verdict: 'known' | 'any' = 'known'): Send {
  return async (index) => {
    const kind = mix[index % mix.length] as Kind;
    const uid = randomUUID();
    const { status, text } = await client.review(
      kind.body.replace(uidInMix, uid),
      `${kind.path}?timeout=10s`,
    );
    const isAnswered = status === 200 && text.includes(uid);
    if (isAnswered && (verdict === 'any' || kind.answer.test(text))) return undefined;
    return `${kind.path}: ${status} ${text.slice(0, 200)}`;
  };
}

/**
 * Makes so many calls a second, whether or not the ones before were answered: as clients of an API server do, which do
 * not wait for each other.
 */
export function steadyLoad(send: Send, perSecond = 200): SteadyLoad {
  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  const failures: { atMs: number; what: string }[] = [];
  const latencies: number[] = [];
  const underWay = new Set<Promise<void>>();
  let calls = 0;
  let unmade = 0;
  const call = async (index: number, dueMs: number): Promise<void> => {
    const what = await send(index).catch(String);
    if (what !== undefined) failures.push({ atMs: elapsed(), what });
    latencies.push(elapsed() - dueMs);
  };
  const timer = setInterval(() => {
    for (let dueMs = (calls * 1000) / perSecond; dueMs <= elapsed(); dueMs = (calls * 1000) / perSecond) {
      if (underWay.size >= mostUnderWay) unmade += 1;
      else {
        const promise = call(calls, dueMs).finally(() => underWay.delete(promise));
        underWay.add(promise);
      }
      calls += 1;
    }
  }, 5);
  return {
    elapsed,
    stop: async () => {
      clearInterval(timer);
      await Promise.race([Promise.all(underWay), sleep(30_000)]);
      if (underWay.size > 0) failures.push({ atMs: elapsed(), what: `${underWay.size} calls got no answer` });
      return { calls: calls - unmade, unmade, failures, latencies };
    },
  };
}

/** Makes calls from so many callers, each the next one as soon as it has its answer; returns how many, and what failed. */
export async function fullSpeed(
  send: Send,
  seconds: number,
  callers = 20,
): Promise<{ readonly calls: number; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  let calls = 0;
  const end = performance.now() + seconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      const what = await send(calls++).catch(String);
      if (what !== undefined) failures.push(what);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { calls, failures };
}

/** Runs a fault under steady load, a second of calm before and after it. */
export async function underLoad<T>(
  client: Client,
  fault: (load: SteadyLoad) => Promise<T>,
): Promise<LoadReport & { readonly result: T }> {
  const load = steadyLoad(reviewsFrom(client));
  try {
    await sleep(1000);
    const result = await fault(load);
    await sleep(1000);
    return { ...(await load.stop()), result };
  } catch (error) {
    await load.stop();
    throw error;
  }
}

/** One line for people: what a fault cost those who did nothing wrong. */
export function say(fault: string, { calls, unmade, failures, latencies }: LoadReport, more = ''): void {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(1);
  process.stdout.write(
    `${fault}: ${calls} calls, ${failures.length} failed, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms${unmade === 0 ? '' : `, ${unmade} more not made`}${more === '' ? '' : `, ${more}`}\n`,
  );
  for (const { atMs, what } of failures.slice(0, 3))
    process.stdout.write(`  after ${atMs.toFixed(0)} ms: ${what}\n`);
}
