import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ServeOptions } from '../../src/server/serve.ts';
import type { Running } from './harness.ts';
import { mountFiles, startMounted, type Mount } from './mounted-files.ts';
import { ownPolicy, requireTier } from './own-policies.ts';
import { admissionReview, badPod } from './reviews.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const withPolicy = (text: string): Record<string, string> => ({
  'daygate.yaml': 'policyFolders: [.]\n',
  'policy.ts': text,
});
const good = withPolicy(requireTier);

function mounted(files: Readonly<Record<string, string>>): Mount {
  const mount = mountFiles(files);
  ends.push(() => mount.remove());
  return mount;
}

async function serving(mount: Mount, options: Partial<ServeOptions> = {}): Promise<Running> {
  const server = await startMounted(mount, options);
  ends.push(() => server.end());
  return server;
}

const failures = 'daygate_settings_reloads_total{result="failed"}';
const failed = 'daygate_settings_reload_failed';
const patient = { timeout: 15_000, interval: 20 };

async function reloads(server: Running, count: number): Promise<void> {
  const ok = 'daygate_settings_reloads_total{result="ok"}';
  await vi.waitFor(async () => expect(await server.metric(ok)).toBe(count), patient);
}

/** A policy that says which version it is. */
function versioned(version: string): string {
  return ownPolicy(
    'require-tier',
    `if (label(object, 'tier') === undefined) report({ message: 'missing', at: at('metadata'), data: { label: '${version}' } });`,
  );
}

describe('looks at settings and policies', () => {
  it('that take too long are given up, and later ones are made', async () => {
    const looping = mounted(good);
    const watch = { settleMs: 20, pollMs: 100, lookMs: 2500 };
    const own = await serving(looping, { limits: { loadMs: 4500 }, watch });
    looping.swap(withPolicy(`while (true);\n${requireTier}`));
    await vi.waitFor(async () => expect(await own.metric(failed)).toBe(1), patient);
    expect((await own.call('/readyz?verbose')).text).toContain(
      'reading and loading what is on the disk was given up after 2.5 seconds: it is tried again',
    );
    expect(await own.metric(failures)).toBe(1);
    looping.swap(withPolicy(versioned('two')));
    await reloads(own, 1);
    expect((await own.judged(admissionReview({ object: badPod() }))).status?.message).toContain(
      'no label two',
    );
    // What was given up ends later, and changes nothing.
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(await own.metric(failed)).toBe(0);
    expect(await own.metric(failures)).toBe(1);
  }, 60_000);

  it('are made on where a policy has left its pipes to another process', async () => {
    const leaving = mounted(good);
    const own = await serving(leaving);
    const mark = leaving.path('pid');
    leaving.swap(
      withPolicy(`import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const child = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60000)'], { stdio: ['ignore', 'ignore', 'ignore', 3, 4], detached: true });
writeFileSync(${JSON.stringify(mark)}, String(child.pid));
process.exit(1);
${requireTier}`),
    );
    await vi.waitFor(async () => expect(await own.metric(failed)).toBe(1), patient);
    leaving.swap(withPolicy(versioned('two')));
    await reloads(own, 1);
    process.kill(Number(readFileSync(mark, 'utf8')), 'SIGKILL');
    expect(await own.metric(failed)).toBe(0);
  });
});
