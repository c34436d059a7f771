/** Starts the servers that are measured, loads them, and reads what they have used. */
import autocannon from 'autocannon';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'selfsigned';

const main = join(import.meta.dirname, '../src/main.ts');

export interface BenchServer {
  readonly url: string;
  readonly child: ChildProcess;
  /** What the process has used so far. */
  usage(): Promise<Usage>;
}

export interface Usage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

interface ServerOptions {
  /** More arguments of `serve`. */
  readonly args?: readonly string[];
  /** A module that is loaded first. */
  readonly preload?: string;
}

export interface Bench {
  readonly directory: string;
  startEcho(): Promise<BenchServer>;
  startDaygate(options?: ServerOptions): Promise<BenchServer>;
  close(): void;
}

/** A folder with a certificate and settings, and the servers started from it. */
export async function openBench(): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'daygate-bench-'));
  const [cert, key, settings] = ['cert.pem', 'key.pem', 'daygate.yaml'].map((name) => join(directory, name));
  if (cert === undefined || key === undefined || settings === undefined) throw new Error('no files');
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  writeFileSync(cert, pems.cert);
  writeFileSync(key, pems.private);
  writeFileSync(settings, 'policies:\n  require-seccomp-profile: { fix: true }\n');
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  const children: ChildProcess[] = [];
  const start = (args: readonly string[], stdout: 'pipe' | number): ChildProcess => {
    const child = spawn(process.execPath, args, { stdio: ['pipe', stdout, 'inherit', 'ipc'] });
    children.push(child);
    return child;
  };
  return {
    directory,
    startEcho: async () => {
      const child = start([join(import.meta.dirname, 'echo-server.ts'), cert, key], 'pipe');
      const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
      const url = `https://127.0.0.1:${chunk.toString().trim()}`;
      return { url, child, usage: () => readUsage(url) };
    },
    startDaygate: async ({ args = [], preload } = {}) => {
      const port = 20_000 + (process.pid % 20_000) + children.length;
      const url = `https://127.0.0.1:${port}`;
      const node = preload === undefined ? [main] : ['--import', preload, main];
      const address = ['--host', '127.0.0.1', '--port', String(port), '--cert', cert, '--key', key];
      // The decision log is part of the cost; reading it is not, and would slow down the load in this process.
      const devNull = openSync('/dev/null', 'w');
      const child = start([...node, 'serve', ...address, '--settings', settings, ...args], devNull);
      await ready(url);
      return { url, child, usage: () => readUsage(url) };
    },
    close: () => {
      for (const child of children) child.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)) return; // prettier-ignore
    await sleep(50);
  }
  throw new Error('daygate is not ready');
}

async function readUsage(url: string): Promise<Usage> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string): number => {
    const found = new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`${url}/metrics does not tell ${name}`);
    return Number(found);
  };
  return {
    cpuSeconds: read('process_cpu_seconds_total'),
    residentBytes: read('process_resident_memory_bytes'),
  };
}

/** What one slot of load took. */
export interface Slot {
  readonly perSecond: number;
  readonly reviews: number;
  /** Microseconds of processor time of the server's process for each review. */
  readonly cpu: number;
  /** Milliseconds until 50 and 99 of 100 answers were there. */
  readonly p50: number;
  readonly p99: number;
}

const connections = 10;

/** Loads a server for some seconds. */
export async function load(server: BenchServer, path: string, body: string, seconds: number): Promise<Slot> {
  const before = await server.usage();
  const times: number[] = [];
  const headers = { 'content-type': 'application/json' };
  const url = `${server.url}${path}?timeout=10s`;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = { url, method: 'POST', body, headers, connections, duration: seconds } as const;
    const run = autocannon(options, (error: unknown, done) => {
      if (error instanceof Error) reject(error);
      else resolve(done);
    });
    // Its own histogram knows whole milliseconds only.
    run.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  });
  const { non2xx, errors, requests, duration } = result;
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx + errors} failed calls`);
  const after = await server.usage();
  times.sort((a, b) => a - b);
  const quantile = (share: number): number => times[Math.floor(times.length * share)] ?? NaN;
  return {
    perSecond: requests.total / duration,
    reviews: requests.total,
    cpu: (1e6 * (after.cpuSeconds - before.cpuSeconds)) / requests.total,
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
}
