import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { serveCommand, usageOf, type ServedCommand } from './served-command.ts';
import { say, underLoad } from './steady-load.ts';

let server: ServedCommand | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

// Every decision is a line, so that there is much to write.
const flags = ['--log-level', 'debug'];

describe('a log that cannot be written costs no review its answer:', () => {
  it('a full disk', async () => {
    // Linux' own stand-in for a disk without space: every write fails with ENOSPC.
    const full = openSync('/dev/full', 'w');
    server = await serveCommand({ flags, stdout: full });
    closeSync(full);
    const { client } = server;
    const report = await underLoad(client, () => sleep(3000));
    say('a full disk for the log', report);
    expect(report.failures).toEqual([]);
    expect(report.calls).toBeGreaterThan(500);
  });

  it('a standard output that was closed', async () => {
    server = await serveCommand({ flags, stdout: 'pipe' });
    const { child, client } = server;
    const report = await underLoad(client, async () => {
      child.stdout?.destroy();
      await sleep(3000);
    });
    say('a closed standard output', report);
    expect(report.failures).toEqual([]);
    expect(report.calls).toBeGreaterThan(500);
  });

  it('a pipe that nobody empties', async () => {
    server = await serveCommand({ flags, stdout: 'pipe' });
    const { child, client } = server;
    // Nothing reads: the pipe's 64 KiB fill up, and 200 lines a second want to follow.
    child.stdout?.pause();
    const before = usageOf(child.pid ?? 0);
    const report = await underLoad(client, async () => {
      await sleep(5000);
    });
    const after = usageOf(child.pid ?? 0);
    const grown = after.mebibytes - before.mebibytes;
    say('a log pipe that nobody empties', report, `${grown.toFixed(0)} MiB more`);
    expect(report.failures).toEqual([]);
    // And when somebody reads again, what is there are whole lines.
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.stdout?.resume();
    await server.stop();
    const lines = text.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => !isJson(line))).toEqual([]);
  });
});

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
