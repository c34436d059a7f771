import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const program = join(import.meta.dirname, '../cluster/binaries.ts');
let folder = '';
let started: readonly number[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daygate-binaries-'));
});

afterEach(() => {
  for (const pid of started) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended, as it should.
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

it.each(['SIGTERM', 'SIGINT'] as const)('%s ends Go and its compilers, too', async (signal) => {
  const go = join(folder, 'go');
  writeFileSync(go, '#!/bin/sh\nsleep 600 &\necho $$ $!\nwait\n');
  chmodSync(go, 0o755);
  const building = spawn(process.execPath, [program], {
    env: {
      PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
      DAYGATE_TEST_CACHE: join(folder, 'cache'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [pids] = (await once(building.stdout, 'data')) as [Buffer];
  started = pids.toString().trim().split(' ').map(Number);
  building.kill(signal);
  // Only then is nobody left who could write there.
  const [code, by] = (await once(building, 'close')) as [number | null, string | null];
  expect([started.length, code, by]).toEqual([2, null, signal]);
});
