import { expect, it } from 'vitest';
import { startSchedule } from '../../../src/audit/service/schedule.ts';
import { parseEvery, parseListen } from '../../../src/audit/service/service-options.ts';

/** A clock that a test moves: a run takes as long as it is told, and waiting takes no time. */
function simulate(everyMs: number, lasting: readonly number[]) {
  const [began, waits]: [number[], number[]] = [[], []];
  let [time, running] = [0, 0];
  let most = 0;
  const schedule = startSchedule({
    everyMs,
    clock: () => time,
    run: async () => {
      began.push(time);
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      time += lasting[began.length - 1] ?? 0;
      running -= 1;
      if (began.length === lasting.length) schedule.stop();
    },
    wait: (ms) => {
      waits.push(ms);
      time += ms;
      return Promise.resolve();
    },
  });
  return schedule.stopped.then(() => ({ began, waits, most }));
}

it('runs at once, then every so often, and lets a time pass that comes during a run', async () => {
  const { began, most } = await simulate(100, [10, 30, 250, 100, 0]);
  expect(began).toEqual([0, 100, 200, 500, 700]);
  expect(most).toBe(1);
});

it('ends while it waits', async () => {
  let runs = 0;
  const schedule = startSchedule({ everyMs: 3_600_000, run: () => Promise.resolve(void (runs += 1)) });
  await Promise.resolve();
  schedule.stop();
  await schedule.stopped;
  expect(runs).toBe(1);
});

it.each([
  ['10m', 600_000],
  ['10s', 10_000],
  ['24h', 86_400_000],
])('reads --every %s', (text, ms) => expect(parseEvery(text)).toBe(ms));

it.each(['', '10', '9s', '25h', '-1m', '1d', '1h30m', '0m', '10 m', '99999h'])(
  'refuses --every %j',
  (text) => {
    expect(() => parseEvery(text)).toThrow('expected a time from 10s to 24h, such as 10m');
  },
);

it.each([
  [':9090', '', 9090],
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['[::1]:80', '::1', 80],
  ['localhost:65535', 'localhost', 65_535],
])('reads --listen %s', (text, host, port) => expect(parseListen(text)).toEqual({ host, port }));

it.each(['', '9090', '::1:80', ':65536', 'a b:80', 'http://x:80', ':'])('refuses --listen %j', (text) => {
  expect(() => parseListen(text)).toThrow('expected an address with a port, such as :9090 or 127.0.0.1:9090');
});
