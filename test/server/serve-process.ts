import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../cluster/free-ports.ts';
import { client, type Client } from './harness.ts';

/** `daygate serve` as people start it, on loopback, with a certificate of its own. */
export interface ServeProcess {
  readonly child: ChildProcess;
  readonly port: number;
  readonly caller: Client;
  readonly stdout: () => string;
  /** The lines of its log. */
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  readonly stderr: () => string;
  /** Settles when it has ended and all its output was read. */
  readonly exit: Promise<number | null>;
  /** The value of one series. */
  readonly metric: (series: string) => Promise<number>;
  readonly workers: () => readonly number[];
}

const children: ChildProcess[] = [];
const folders: string[] = [];

/** Ends what was started; for afterEach. */
export async function endProcesses(): Promise<void> {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

interface Options {
  readonly args?: readonly string[];
  /** Where its standard output goes, instead of into `stdout`. */
  readonly output?: number | 'pipe';
  readonly main?: readonly string[];
}

export async function startServe({ args = [], output = 'pipe', main }: Options = {}): Promise<ServeProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-serve-'));
  folders.push(folder);
  const [port = 0] = await findFreePorts(1);
  const ca = join(folder, 'ca.pem');
  const [command = process.execPath, ...first] = main ?? [
    process.execPath,
    join(import.meta.dirname, '../../src/main.ts'),
  ];
  const all = ['serve', '--self-signed', '--ca-out', ca, '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(command, [...first, ...all, '--drain-seconds', '0', ...args], {
    cwd: folder,
    stdio: ['ignore', output, 'pipe'],
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exit = once(child, output === 'pipe' ? 'close' : 'exit').then(([code]) => code as number | null);
  const pem = await new Promise<string>((resolve, reject) => {
    const look = setInterval(() => {
      try {
        const text = readFileSync(ca, 'utf8');
        if (!text.includes('END CERTIFICATE')) return;
        clearInterval(look);
        resolve(text);
      } catch {
        // It is written once the server listens.
      }
    }, 20);
    void exit.then((code) => {
      clearInterval(look);
      reject(new Error(`ended with ${code}: ${stderr}`));
    });
  });
  const caller = client(() => `https://127.0.0.1:${port}`, pem);
  return {
    child,
    port,
    caller,
    stdout: () => stdout,
    log: () =>
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    stderr: () => stderr,
    exit,
    metric: async (series) => {
      const { text } = await caller.call('/metrics');
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length + 1),
      );
    },
    workers: () => childrenOf(child.pid),
  };
}

function childrenOf(pid: number | undefined): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
