/** Standard output as it may be in production: closed, full, or read by nobody. */
import { closeSync, openSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { admissionReview, badPod } from './reviews.ts';
import { endProcesses, startServe, type ServeProcess } from './serve-process.ts';

afterEach(endProcesses);

const wait = { timeout: 15_000, interval: 50 };
/** Until as many lines wait as may: on a busy machine, that is many thousand calls. */
const filled = { timeout: 90_000, interval: 50 };
const dropped = 'daygate_log_lines_dropped_total';

/** Calls that leave a line each, of about half a kB: 4 MiB may wait. */
async function refuse(server: ServeProcess, calls: number): Promise<void> {
  const review = JSON.stringify(
    admissionReview({ object: badPod(), name: 'x'.repeat(253), username: 'y'.repeat(253) }),
  );
  const lane = async (): Promise<void> => {
    for (let i = 0; i < calls / 10; i++) expect((await server.caller.review(review)).status).toBe(200);
  };
  await Promise.all(Array.from({ length: 10 }, lane));
}

async function endsInPeace({ child, exit, caller }: ServeProcess): Promise<void> {
  caller.close();
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
}

describe.each([[], ['--workers', '2']])('a server with %j', (...args) => {
  it('answers while its standard output is closed, and ends in peace', async () => {
    const server = await startServe({ args });
    server.child.stdout?.destroy();
    await refuse(server, 50);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await refuse(server, 50);
    expect(server.stderr()).toBe('');
    await endsInPeace(server);
  });

  it('answers while the disk is full, and ends in peace', async () => {
    const output = openSync('/dev/full', 'w');
    const server = await startServe({ args, output });
    closeSync(output);
    await refuse(server, 50);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await refuse(server, 50);
    expect(server.stderr()).toBe('');
    await endsInPeace(server);
  });

  it('answers while nobody reads its lines, drops them, and says later how many', async () => {
    const server = await startServe({ args: [...args, '--log-level', 'trace'] });
    server.child.stdout?.pause();
    await vi.waitFor(async () => {
      await refuse(server, 1_000);
      expect(await server.metric(dropped)).toBeGreaterThan(0);
    }, filled);
    server.child.stdout?.resume();
    await vi.waitFor(() => {
      const line = server.log().find(({ message }) => String(message).startsWith('log lines were dropped'));
      expect(line?.['lines']).toBeGreaterThan(0);
    }, wait);
    // Every line is whole.
    expect(server.log().length).toBeGreaterThan(1_000);
    await endsInPeace(server);
  }, 120_000);

  it('ends in peace while nobody reads its lines', async () => {
    const server = await startServe({ args });
    server.child.stdout?.pause();
    await refuse(server, 500);
    server.caller.close();
    server.child.kill('SIGTERM');
    await vi.waitFor(() => expect(server.child.exitCode).toBe(0), wait);
  });
});
