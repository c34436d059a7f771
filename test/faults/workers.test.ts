import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { descendantsOf, serveCommand, type ServedCommand } from './served-command.ts';
import { say, underLoad, type LoadReport, type SteadyLoad } from './steady-load.ts';

let server: ServedCommand;
beforeEach(async () => {
  server = await serveCommand({ flags: ['--workers', '2'] });
  // It is ready with the first of them; a port whose only worker is killed refuses.
  await vi.waitFor(async () => expect(await server.metric('daygate_workers')).toBe(2), { timeout: 30_000 });
});
afterEach(async () => {
  await server.stop();
});

function workers(): readonly number[] {
  return descendantsOf(server.child.pid ?? 0);
}

/** Waits until there are two workers again, none of which is the one harmed, and says how long that took. */
async function recovery(load: SteadyLoad, harmed: number, began: number): Promise<number> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const present = workers();
    const isReplaced = present.length === 2 && !present.includes(harmed);
    if (isReplaced && (await server.metric('daygate_workers')) === 2) {
      return load.elapsed() - began;
    }
    await sleep(50);
  }
  throw new Error(`the worker ${harmed} was not replaced`);
}

/** What fails may be what was under way in the process that was harmed, at that moment, and nothing later. */
function expectNothingLater(report: LoadReport, harmedMs: number, mayFail: number): void {
  const later = report.failures.filter(({ atMs }) => atMs > harmedMs + 20_000);
  expect(later).toEqual([]);
  expect(report.failures.length).toBeLessThanOrEqual(mayFail);
  expect(report.calls).toBeGreaterThan(400);
}

describe('a worker', () => {
  it('that is killed is replaced; only what it was about to answer is lost', async () => {
    const report = await underLoad(server.client, async (load) => {
      const [victim = 0] = workers();
      const began = load.elapsed();
      process.kill(victim, 'SIGKILL');
      return { began, took: await recovery(load, victim, began) };
    });
    const { began, took } = report.result;
    say('SIGKILL of a worker', report, `replaced after ${(took / 1000).toFixed(1)} s`);
    // There are 20 connections, and each loses the call on it.
    expectNothingLater(report, began, 20);
    expect(await server.metric('daygate_worker_restarts_total')).toBe(1);
    expect(await server.metric('daygate_workers')).toBe(2);
  });

  it('that is stuck is replaced; what waits on the other one is answered', async () => {
    const report = await underLoad(server.client, async (load) => {
      const [victim = 0] = workers();
      const began = load.elapsed();
      // It keeps its connections and answers nothing, as an endless loop would.
      process.kill(victim, 'SIGSTOP');
      return { began, took: await recovery(load, victim, began) };
    });
    const { began, took } = report.result;
    say('a stuck worker', report, `replaced after ${(took / 1000).toFixed(1)} s`);
    expectNothingLater(report, began, 20);
    expect(await server.metric('daygate_worker_restarts_total')).toBe(1);
  });
});
