import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { serveCommand, usageOf } from './served-command.ts';
import { reviewsFrom, say, steadyLoad } from './steady-load.ts';

// `FAULTS=long npm run test:faults` takes ten minutes here.
const long = process.env['FAULTS'] === 'long';
const minutes = long ? 10 : 0.5;
const samplesPerMinute = 30;

it(`${minutes} minutes of mixed reviews leak neither memory nor descriptors`, async () => {
  // The heap after a collection is what a leak shows in; between collections it goes up and down by itself.
  const server = await serveCommand({ flags: ['--log-level', 'debug'] });
  const pid = server.child.pid ?? 0;
  try {
    // Code is still being compiled and buffers are still growing.
    const warmUp = steadyLoad(reviewsFrom(server.client));
    await sleep(long ? 15_000 : 5_000);
    await warmUp.stop();
    // How many connections a load needs is up to the machine: descriptors are counted when there are none.
    server.client.close();
    await sleep(1000);
    const began = usageOf(pid);
    const load = steadyLoad(reviewsFrom(server.client));
    const heap: { readonly minute: number; readonly mebibytes: number }[] = [];
    for (let sample = 0; sample < minutes * samplesPerMinute; sample++) {
      await sleep(60_000 / samplesPerMinute);
      const bytes = await server.metric('nodejs_heap_space_size_used_bytes', 'space="old"');
      heap.push({ minute: load.elapsed() / 60_000, mebibytes: bytes / 1024 / 1024 });
    }
    const report = await load.stop();
    const { mebibytes } = usageOf(pid);
    const slope = slopeOf(heap);
    say(
      `${minutes} minutes of mixed reviews`,
      report,
      `old space ${slope.toFixed(2)} MiB a minute, resident ${began.mebibytes.toFixed(0)} → ${mebibytes.toFixed(0)} MiB`,
    );
    expect(report.failures).toEqual([]);
    // 12,000 reviews a minute: ten minutes show a leak of 100 bytes each, half a minute only one of 2 kB.
    expect(slope).toBeLessThan(long ? 1 : 20);
    server.client.close();
    await expect
      .poll(() => usageOf(pid).descriptors, { timeout: 10_000 })
      .toBeLessThanOrEqual(began.descriptors);
  } finally {
    await server.stop();
  }
});

/** The least-squares slope, in MiB a minute. */
function slopeOf(samples: readonly { readonly minute: number; readonly mebibytes: number }[]): number {
  const mean = (pick: (sample: (typeof samples)[number]) => number): number =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ mebibytes }) => mebibytes)];
  const above = mean(({ minute, mebibytes }) => (minute - x) * (mebibytes - y));
  return above / mean(({ minute }) => (minute - x) ** 2);
}
