import { describe, expect, it } from 'vitest';
import { createRestarts } from '../../src/server/workers/restarts.ts';
import { countsOf, sumAsText, sumMetrics } from '../../src/server/workers/sum-metrics.ts';

describe('a worker that ends', () => {
  it('is replaced at once, the next ones later and later, and in the end it is hopeless', () => {
    let now = 0;
    const restarts = createRestarts({ now: () => now, workers: 1 });
    const pauses: number[] = [];
    const told: (string | undefined)[] = [];
    while (!restarts.isHopeless()) {
      pauses.push(restarts.ended('was ended by SIGKILL'));
      told.push(restarts.problem());
      now += pauses.at(-1) ?? 0;
    }
    expect(pauses).toEqual([0, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]);
    expect(told.slice(0, 2)).toEqual([undefined, undefined]);
    expect(told[2]).toBe('workers ended 3 times in a row; the last one was ended by SIGKILL');
  });

  it('is forgotten after a quiet while', () => {
    let now = 0;
    const restarts = createRestarts({ now: () => now, workers: 3 });
    const pauses = Array.from({ length: 7 }, () => restarts.ended('ended with exit code 1'));
    // What ends all of them at once counts once.
    expect(pauses).toEqual([0, 0, 0, 200, 200, 200, 400]);
    expect(restarts.problem()).toBeDefined();
    now += 20_001;
    expect(restarts.problem()).toBeUndefined();
    expect(restarts.ended('ended with exit code 1')).toBe(0);
  });
});

describe('metrics of several workers', () => {
  const metric = (name: string, type: string, aggregator: string, value: number) => ({
    name,
    help: name,
    type,
    aggregator,
    values: [{ value, labels: { policy: 'p' } }],
  });
  const of = (count: number, seconds: number, start: number) => [
    metric('calls_total', 'counter', 'sum', count),
    metric('expiry_seconds', 'gauge', 'min', seconds),
    metric('process_start_time_seconds', 'gauge', 'omit', start),
    metric('nodejs_eventloop_lag_p99_seconds', 'gauge', 'average', count),
  ];

  it('are put together each in its own way', async () => {
    const text = await sumAsText([of(3, 50, 7), of(4, 40, 9)]);
    const values = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(values).toEqual([
      'calls_total{policy="p"} 7',
      'expiry_seconds{policy="p"} 40',
      'process_start_time_seconds{policy="p"} 7',
      'nodejs_eventloop_lag_p99_seconds{policy="p"} 4',
    ]);
  });

  it('keep the counts of those that ended, and nothing else of them', async () => {
    const past = await sumMetrics([countsOf(of(3, 1, 1)), countsOf(of(4, 2, 2))]);
    expect(past.map(({ name, values }) => [name, values])).toEqual([
      ['calls_total', [{ value: 7, labels: { policy: 'p' } }]],
    ]);
  });
});
