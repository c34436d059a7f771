import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { client, start, type Client } from './harness.ts';
import { load } from './load.ts';
import { admissionReview, badPod } from './reviews.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Process {
  readonly child: ChildProcess;
  readonly url: string;
  readonly caller: Client;
  /** What it wrote to standard output. */
  readonly output: () => string;
  readonly exit: Promise<number | null>;
}

async function startProcess(nodeOptions = ''): Promise<Process> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'served-process.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const said = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.on('exit', () => reject(new Error(text)));
  });
  const { url, caPem } = JSON.parse(said) as { url: string; caPem: string };
  return { child, url, caller: client(() => url, caPem), output: () => output, exit };
}

type Version = 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

function protocolWith(url: string, version: Version): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const versions = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ...versions }, () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
    socket.on('error', () => resolve('refused'));
  });
}

describe('TLS', () => {
  it('older than 1.2 is refused, even where Node is told to take it', async () => {
    const { url } = await startProcess('--tls-min-v1.0 --tls-cipher-list=DEFAULT:@SECLEVEL=0');
    expect(await protocolWith(url, 'TLSv1.1')).toBe('refused');
    expect(await protocolWith(url, 'TLSv1.2')).toBe('TLSv1.2');
    expect(await protocolWith(url, 'TLSv1.3')).toBe('TLSv1.3');
  });
});

describe('a process', () => {
  it('that gets SIGTERM under load fails no call, writes its last lines and ends with 0', async () => {
    const [server, other] = [await startProcess(), await start()];
    let listed: Client = server.caller;
    const traffic = load(10, () => listed);
    await traffic.more(50);
    expect((await server.caller.review(admissionReview({ uid: 'last', object: badPod() }))).status).toBe(200);
    server.child.kill('SIGTERM');
    await vi.waitFor(async () => expect((await server.caller.call('/readyz')).status).toBe(503), 10_000);
    await traffic.more(20);
    listed = other;
    expect(await server.exit).toBe(0);
    expect((await traffic.stop()).failures).toEqual([]);
    const lines = server
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ message }) => message)).toEqual([
      'serving',
      'decision',
      'ending: calls are still answered while endpoints are withdrawn',
      'ended',
    ]);
    expect(lines[0]).toMatchObject({
      enforcement: 'enforce',
      failurePolicy: 'Ignore',
      selfCall: 'ok',
      settings: expect.stringMatching(/^[\da-f]{12}$/) as string,
    });
    await other.end();
  });

  it('that gets a second signal ends at once', async () => {
    const { child, exit, caller, output } = await startProcess();
    child.kill('SIGTERM');
    await vi.waitFor(() => expect(output()).toContain('ending: '), 10_000);
    child.kill('SIGTERM');
    expect(await exit).toBe(143);
    caller.close();
  });
});

describe('daygate serve that is told to end while it starts', () => {
  it.each(['1', '2'])('ends at once, with --workers %s', async (workers) => {
    const folder = mkdtempSync(join(tmpdir(), 'daygate-early-'));
    writeFileSync(join(folder, 'slow.ts'), 'await new Promise((done) => setTimeout(done, 60_000));');
    const main = join(import.meta.dirname, '../../src/main.ts');
    const flags = ['--self-signed', '--host', '127.0.0.1', '--port', '0', '--workers', workers];
    const child = spawn(process.execPath, [main, 'serve', ...flags, '--policies', folder], {
      stdio: 'ignore',
    });
    children.push(child);
    const exit = once(child, 'exit');
    // A sandbox, or a worker: it has begun to start.
    const begun = `/proc/${child.pid}/task/${child.pid}/children`;
    await vi.waitFor(() => expect(readFileSync(begun, 'utf8')).not.toBe(''), 10_000);
    child.kill('SIGTERM');
    // As the first process of a container it would otherwise not end at all.
    expect(await exit).toEqual([0, null]);
    rmSync(folder, { recursive: true });
  });
});
