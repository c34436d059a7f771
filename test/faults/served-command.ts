/** Runs `daygate serve` as people do, for tests that do it harm. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePorts } from '../cluster/free-ports.ts';
import { client, type Client } from '../server/harness.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

export interface ServedCommand {
  readonly url: string;
  readonly port: number;
  /** The CA that it made itself. */
  readonly caPem: string | undefined;
  readonly child: ChildProcess;
  readonly settingsFile: string;
  /** A client with connections of its own. */
  readonly client: Client;
  /** The sum of a metric over all series whose labels hold the text given. */
  readonly metric: (name: string, labels?: string) => Promise<number>;
  /** What it wrote to standard error. */
  readonly errors: () => string;
  stop(): Promise<void>;
}

export interface ServedCommandOptions {
  readonly settings?: string;
  readonly flags?: readonly string[];
  /** Where standard output goes; nowhere unless told otherwise. */
  readonly stdout?: number | 'pipe' | 'ignore';
  readonly env?: Readonly<Record<string, string>>;
  /** Files to serve from; without them it makes a certificate of its own. */
  readonly certificate?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** A settings file in the place of one with `settings`. */
  readonly settingsFile?: string;
}

export async function serveCommand({
  settings = '',
  flags = [],
  stdout = 'ignore',
  env = {},
  certificate,
  settingsFile: givenSettings,
}: ServedCommandOptions = {}): Promise<ServedCommand> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-faults-'));
  const settingsFile = givenSettings ?? join(folder, 'daygate.yaml');
  const caFile = certificate === undefined ? join(folder, 'ca.pem') : undefined;
  if (givenSettings === undefined)
    writeFileSync(settingsFile, `policies:\n  require-seccomp-profile: { fix: true }\n${settings}`);
  const [port = 0] = await findFreePorts(1);
  const stdio: StdioOptions = ['ignore', stdout, 'pipe'];
  const tls =
    certificate === undefined
      ? ['--self-signed', '--ca-out', join(folder, 'ca.pem')]
      : ['--cert', certificate.cert, '--key', certificate.key, '--ca', certificate.ca];
  const child = spawn(
    process.execPath,
    [
      ...[main, 'serve', ...tls, '--host', '127.0.0.1', '--port', String(port)],
      ...['--settings', settingsFile, '--drain-seconds', '1', ...flags],
    ],
    { stdio, env: { ...process.env, ...env } },
  );
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const url = `https://127.0.0.1:${port}`;
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const caPem = await untilReady(child, url, caFile, () => errors).catch((error: unknown) => {
    child.kill('SIGKILL');
    remove();
    throw error;
  });
  const caller = client(() => url, caPem, { maxSockets: 20 });
  return {
    ...{ url, port, caPem, child, settingsFile, client: caller },
    errors: () => errors,
    metric: async (name, labels = '') => {
      // A connection of its own: whatever is done to the server, somebody asks anew.
      const asker = client(() => url, caPem, { keepAlive: false });
      const { text } = await asker.call('/metrics');
      return sumOf(text, name, labels);
    },
    stop: async () => {
      caller.close();
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
        await ended;
        clearTimeout(late);
      }
      remove();
    },
  };
}

function sumOf(text: string, name: string, labels: string): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || (line.startsWith(`${name}{`) && line.includes(labels)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Waits until it is ready, and returns its CA where it makes one. */
async function untilReady(
  child: ChildProcess,
  url: string,
  caFile: string | undefined,
  errors: () => string,
): Promise<string | undefined> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Error(`daygate ended with code ${child.exitCode}:\n${errors()}`);
    if (caFile === undefined || existsSync(caFile)) {
      const caPem = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
      const asker = client(() => url, caPem, { keepAlive: false });
      const status = await asker.call('/readyz').then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) return caPem;
    }
    await sleep(50);
  }
  throw new Error(`daygate is not ready:\n${errors()}`);
}

/** Resident memory of a process and those it started, in MiB, and how many files they have open. */
export function usageOf(pid: number): { readonly mebibytes: number; readonly descriptors: number } {
  const pids = [pid, ...descendantsOf(pid)];
  const pages = pids.map((one) => Number(readFileSync(`/proc/${one}/statm`, 'utf8').split(' ')[1]));
  return {
    mebibytes: (pages.reduce((sum, count) => sum + count, 0) * 4096) / 1024 / 1024,
    descriptors: pids.reduce((sum, one) => sum + readdirSync(`/proc/${one}/fd`).length, 0),
  };
}

/** The most memory that a process and those it started have had resident at any time, in MiB; 0 of those that are gone. */
export function peakOf(pid: number): number {
  const peaks = [pid, ...descendantsOf(pid)].map((one) => {
    // Settings that change end one sandbox after the other, between two looks and between two lines.
    const status = existsSync(`/proc/${one}/status`) ? readFileSync(`/proc/${one}/status`, 'utf8') : '';
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0);
  });
  return peaks.reduce((sum, kibibytes) => sum + kibibytes, 0) / 1024;
}

/** Processes that a process started, and those they started. Linux only, as the tests that ask. */
export function descendantsOf(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}
