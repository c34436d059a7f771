import type { Worker } from 'node:cluster';
import type { ToWorker } from './messages.ts';
import { countsOf, sumAsText, sumMetrics, type MetricsSnapshot } from './sum-metrics.ts';

interface Measured {
  readonly worker: Worker;
  readonly serving: boolean;
  /** What it last said. */
  metrics: MetricsSnapshot | undefined;
}

/** The metrics of all workers, as one. */
interface Collector<M> {
  /** The text that Prometheus scrapes. Who asks meanwhile gets the same. */
  text(): Promise<string>;
  measured(member: M, id: number, metrics: MetricsSnapshot): void;
  /** Keeps the counts of a worker that ended. */
  gone(member: M): void;
}

// Prometheus waits 10 s; a worker that takes longer than this is about to be replaced, and its last words count.
const answerMs = 2_000;

export function collectMetrics<M extends Measured>(
  members: () => readonly M[],
  own: () => Promise<MetricsSnapshot>,
): Collector<M> {
  let past: Promise<MetricsSnapshot> = Promise.resolve([]);
  let round = 0;
  let present: Promise<string> | undefined;
  const waiting = new Set<M>();
  let complete = (): void => undefined;

  const ask = async (): Promise<string> => {
    round += 1;
    for (const member of members()) {
      if (!member.serving || !member.worker.isConnected()) continue;
      waiting.add(member);
      member.worker.send({ kind: 'measure', id: round } satisfies ToWorker, () => undefined);
    }
    if (waiting.size > 0) {
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, answerMs);
        complete = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    }
    waiting.clear();
    // What ended meanwhile is in the past already.
    const last = members().flatMap(({ metrics }) => (metrics === undefined ? [] : [metrics]));
    return sumAsText([await own(), await past, ...last]);
  };
  const settled = (member: M): void => {
    if (waiting.delete(member) && waiting.size === 0) complete();
  };
  return {
    text: () =>
      (present ??= ask().finally(() => {
        present = undefined;
      })),
    measured: (member, id, metrics) => {
      member.metrics = metrics;
      if (id === round) settled(member);
    },
    gone: (member) => {
      const { metrics } = member;
      if (metrics !== undefined)
        past = past.then((earlier) => sumMetrics([earlier, countsOf(metrics)]).catch(() => earlier));
      settled(member);
    },
  };
}
