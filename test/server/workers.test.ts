import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { client } from './harness.ts';
import { load } from './load.ts';
import { mountFiles } from './mounted-files.ts';
import { requireTier } from './own-policies.ts';
import { admissionReview, badPod } from './reviews.ts';
import { endProcesses, startServe, type ServeProcess } from './serve-process.ts';

afterEach(endProcesses);

const main = join(import.meta.dirname, '../../src/main.ts');
const wait = { timeout: 50_000, interval: 50 };

async function startTwo(...args: readonly string[]): Promise<ServeProcess> {
  const server = await startServe({ args: ['--workers', '2', ...args] });
  await vi.waitFor(async () => expect(await server.metric('daygate_workers')).toBe(2), wait);
  return server;
}

const reloadFailed = 'daygate_settings_reload_failed';

/** Some of what /statusz tells. */
interface WorkerStatus {
  readonly workers: { readonly answered: number; readonly serving: number; readonly wanted: number };
  readonly settings: { readonly problem: { readonly reasons: readonly string[] } | null };
}

/** A caller on a connection of its own for each call: calls go to the workers in turn. */
const eachOnItsOwn = ({ port, caller }: ServeProcess) =>
  client(() => `https://127.0.0.1:${port}`, caller.agent.options.ca as string, { keepAlive: false });

const isAlive = (pid: number): boolean => {
  try {
    // A zombie has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('two workers', () => {
  it('share the port and the certificate, and are one in metrics and log', async () => {
    const server = await startTwo();
    const caller = eachOnItsOwn(server);
    for (let i = 0; i < 10; i++) {
      const review = admissionReview({ uid: `each-${i}`, object: badPod() });
      expect((await caller.review(review)).status).toBe(200);
    }
    const sum = async (series: RegExp): Promise<number> => {
      const { text } = await caller.call('/metrics');
      return [...text.matchAll(series)].reduce((total, match) => total + Number(match[1]), 0);
    };
    const decisions = /^daygate_decisions_total\{.*\} (\d+)$/gm;
    expect(await sum(decisions)).toBe(10);
    // Whoever answers says the same.
    expect(await sum(decisions)).toBe(10);
    // An expiry is a date, and no sum of dates.
    const expiry = await server.metric('daygate_certificate_expiry_timestamp_seconds{certificate="leaf"}');
    expect(Math.abs(expiry - Date.now() / 1000 - 365 * 86_400)).toBeLessThan(600);
    expect(await server.metric('process_max_fds')).toBeLessThan(2 ** 31);
    await vi.waitFor(() => {
      const lines = server.log().filter(({ message }) => message === 'decision');
      expect(lines.map(({ uid }) => uid).toSorted()).toEqual(
        Array.from({ length: 10 }, (_, i) => `each-${i}`),
      );
      expect(new Set(lines.map(({ worker }) => worker))).toEqual(new Set([1, 2]));
    }, wait);
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    const words = server.log().map(({ message }) => message);
    expect(words.filter((word) => word === 'ended')).toHaveLength(2);
    expect(server.stderr()).toBe('');
  });

  it('one of which is killed are two again, and no count is lost', async () => {
    const server = await startTwo();
    const caller = eachOnItsOwn(server);
    for (let i = 0; i < 6; i++) await caller.review(admissionReview());
    const durations = 'daygate_review_duration_seconds_count{webhook="validate"}';
    expect(await server.metric(durations)).toBe(6);
    server.caller.close();
    const [victim = 0] = server.workers();
    process.kill(victim, 'SIGKILL');
    await vi.waitFor(() => expect(isAlive(victim)).toBe(false), wait);
    // The other one goes on at once.
    expect((await caller.review(admissionReview())).status).toBe(200);
    expect(await server.metric(durations)).toBe(7);
    await vi.waitFor(async () => expect(await server.metric('daygate_workers')).toBe(2), wait);
    expect(await server.metric('daygate_worker_restarts_total{reason="signal"}')).toBe(1);
    expect(await server.metric(durations)).toBe(7);
    const line = server.log().find(({ reason }) => reason === 'signal');
    expect(line).toMatchObject({ level: 'error', how: 'was ended by SIGKILL', pause: 0 });
  });

  it('one of which hangs are two again within seconds', async () => {
    const server = await startTwo();
    const [victim = 0] = server.workers();
    process.kill(victim, 'SIGSTOP');
    const hung = performance.now();
    // One of these is handed to the worker that hangs, and answered by another when that is killed.
    const early = eachOnItsOwn(server);
    const answers = Promise.all([1, 2, 3, 4].map(() => early.review(admissionReview())));
    await vi.waitFor(() => expect(isAlive(victim)).toBe(false), wait);
    expect(performance.now() - hung).toBeGreaterThan(3_500);
    expect((await answers).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const caller = eachOnItsOwn(server);
    await vi.waitFor(async () => {
      const { text } = await caller.call('/metrics');
      expect(text).toContain('\ndaygate_worker_restarts_total{reason="stuck"} 1\n');
      expect(text).toContain('\ndaygate_workers 2\n');
    }, wait);
    expect(server.log().find(({ reason }) => reason === 'stuck')?.['how']).toBe(
      'did not answer for 5 seconds',
    );
  });

  it('one of which is killed while the files are bad judge as before, and both say that they are', async () => {
    const mount = mountFiles({ 'daygate.yaml': 'policyFolders: [.]\n', 'policy.ts': requireTier });
    try {
      const server = await startTwo('--settings', mount.path('daygate.yaml'));
      const caller = eachOnItsOwn(server);
      const judgedBy = async (): Promise<void> => {
        const { text } = await caller.review(admissionReview({ object: badPod() }));
        expect(text).toContain('has no label tier');
      };
      await judgedBy();
      mount.swap({ 'daygate.yaml': 'profile: [\n', 'policy.ts': 'const = 4;\n' });
      await vi.waitFor(async () => expect(await server.metric(reloadFailed)).toBe(1), wait);
      const [victim = 0] = server.workers();
      process.kill(victim, 'SIGKILL');
      await vi.waitFor(() => expect(isAlive(victim)).toBe(false), wait);
      const seen = new Set<number>();
      await vi.waitFor(async () => {
        const { workers, settings } = JSON.parse((await caller.call('/statusz')).text) as WorkerStatus;
        expect(workers).toMatchObject({ serving: 2, wanted: 2 });
        expect(settings.problem?.reasons.join()).toMatch(/daygate\.yaml:2:1: /);
        await judgedBy();
        // An odd number of calls each time, for they go to the workers in turn.
        await caller.call('/livez');
        seen.add(workers.answered);
        expect([...seen].toSorted()).toEqual([2, 3]);
      }, wait);
      expect(await server.metric('daygate_worker_restarts_total{reason="signal"}')).toBe(1);
      expect(await server.metric('daygate_worker_restarts_total{reason="start"}')).toBe(0);

      // Good files are taken by the one that began without them, too.
      mount.swap({ 'daygate.yaml': '{}\n' });
      await vi.waitFor(async () => {
        expect(await server.metric(reloadFailed)).toBe(0);
        for (let i = 0; i < 4; i++) {
          const { text } = await caller.review(admissionReview({ object: badPod() }));
          expect(text).not.toContain('has no label tier');
        }
      }, wait);
    } finally {
      mount.remove();
    }
  }, 60_000);

  it('that end again and again make the server not ready', async () => {
    const server = await startTwo();
    const caller = eachOnItsOwn(server);
    const seen = new Set<number>();
    await vi.waitFor(async () => {
      // One stays, to be asked.
      const [, victim] = server.workers();
      if (victim !== undefined && !seen.has(victim)) {
        seen.add(victim);
        process.kill(victim, 'SIGKILL');
      }
      const { status, text } = await caller.call('/readyz');
      expect(status).toBe(503);
      expect(text).toMatch(
        /\[-\]workers failed: workers ended \d+ times in a row; the last one was ended by SIGKILL/,
      );
    }, wait);
    expect(seen.size).toBe(5);
  });

  it('end with SIGTERM to their supervisor under load, and fail no call', async () => {
    const server = await startTwo('--drain-seconds', '3');
    const other = await startServe();
    const failing: string[] = [];
    let listed = server;
    const traffic = load(
      10,
      () => listed.caller,
      ({ status, text }) => {
        if (status !== 200) failing.push(text);
        return status === 200;
      },
    );
    await traffic.more(50);
    server.child.kill('SIGTERM');
    await vi.waitFor(async () => {
      const { status, text } = await eachOnItsOwn(server).call('/readyz');
      expect([status, text]).toEqual([503, expect.stringContaining('[-]not-draining') as unknown]);
    }, wait);
    await traffic.more(20);
    listed = other;
    expect(await server.exit).toBe(0);
    expect((await traffic.stop()).failures).toEqual([]);
    expect(failing).toEqual([]);
  });

  it('end at once with a second signal, and with their supervisor when it is killed', async () => {
    const [first, second] = [await startTwo('--drain-seconds', '60'), await startTwo()];
    const workers = [...first.workers(), ...second.workers()];
    expect(workers.filter(isAlive)).toHaveLength(4);
    first.child.kill('SIGTERM');
    await vi.waitFor(() => expect(first.stdout()).toContain('ending: '), wait);
    first.child.kill('SIGTERM');
    second.child.kill('SIGKILL');
    expect(await first.exit).toBe(143);
    await vi.waitFor(() => expect(workers.filter(isAlive)).toEqual([]), wait);
  });
});

describe('several workers that cannot start', () => {
  const failing = (...args: readonly string[]) => {
    const all = [main, 'serve', '--workers', '2', '--host', '127.0.0.1', ...args];
    const { status, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8', timeout: 20_000 });
    return [status, stderr];
  };

  it('say once what is wrong', async () => {
    const nobody = '/nowhere/tls.crt';
    expect(failing('--cert', nobody, '--key', nobody)).toEqual([
      2,
      `daygate: ${nobody}: no such file or folder\n`,
    ]);
    expect(failing('--self-signed', '--settings', '/nowhere/daygate.yaml')).toEqual([
      2,
      expect.stringMatching(/^daygate: [^\n]*\/nowhere\/daygate\.yaml[^\n]*\n$/),
    ]);
    // It was passed over once, and reviews were answered to anybody.
    expect(failing('--self-signed', '--client-ca', nobody)).toEqual([
      2,
      'daygate: --client-ca goes with --cert and --key: with --self-signed anybody may ask\n',
    ]);
    expect(failing('--self-signed', '--record-bytes', '1Gi')).toEqual([
      2,
      'daygate: --record-bytes goes with --record: nothing is kept without a folder\n',
    ]);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    expect(failing('--self-signed', '--port', String(port))).toEqual([
      2,
      `daygate: 127.0.0.1:${port}: another program listens there already: end it (lsof -i :${port} names it), or name another address with --host and --port\n`,
    ]);
    taken.close();
    const [status, words] = failing('--self-signed', '--workers', '0');
    expect([status, words]).toEqual([
      2,
      expect.stringMatching(/^daygate: --workers 0: expected auto, or [^\n]+\n$/),
    ]);
  });
});
