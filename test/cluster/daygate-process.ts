/** Runs daygate as users do, as a process of its own, and registers it with an API server. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ControlPlane } from './control-plane.ts';
import { findFreePorts } from './free-ports.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
const run = promisify(execFile);

export interface Daygate {
  readonly url: string;
  /** Applies the webhook configurations (those that the settings give) and waits until the API server uses them. */
  register(cluster: ControlPlane, configurations?: string): Promise<void>;
  /** The configurations as YAML. */
  rendered(): Promise<string>;
  /** What it answers at a path. */
  get(path: string): Promise<Answer>;
  /** What it answers at /metrics. */
  metrics(): Promise<string>;
  /** All it has logged. */
  log(): string;
  stop(): Promise<void>;
  readonly pid: number | undefined;
}

interface DaygateOptions {
  /** The text of daygate.yaml. */
  readonly settings?: string;
  /** A settings file that is there already, in place of a text: it is read where it lies, with what it names. */
  readonly settingsFile?: string | undefined;
  /** Files beside it, such as policies of a team's own. */
  readonly files?: Readonly<Record<string, string>>;
  /** Further flags of `serve`. */
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startDaygate({
  settings = '',
  settingsFile: given,
  files = {},
  flags = [],
  environment = {},
}: DaygateOptions): Promise<Daygate> {
  const directory = await mkdtemp(join(tmpdir(), 'daygate-process-'));
  const [port = 0] = await findFreePorts(1);
  const [settingsFile, caFile] = [given ?? join(directory, 'daygate.yaml'), join(directory, 'ca.pem')];
  if (given === undefined) await writeFile(settingsFile, settings);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  const url = `https://127.0.0.1:${port}`;
  const args = ['serve', '--self-signed', '--ca-out', caFile, '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(
    process.execPath,
    [main, ...args, '--settings', settingsFile, '--drain-seconds', '0', '--log-level', 'debug', ...flags],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  }
  await waitUntilReady(child, url, caFile, () => log);
  const rendering = [main, 'render', '--settings', settingsFile, '--url', url, '--ca-bundle', caFile];
  const rendered = async (): Promise<string> => (await run(process.execPath, rendering)).stdout;
  return {
    url,
    pid: child.pid,
    get: (path) => get(`${url}${path}`, caFile),
    metrics: async () => (await get(`${url}/metrics`, caFile)).body,
    log: () => log,
    rendered,
    register: async (cluster, configurations) => {
      await cluster.kubectl(['apply', '-f', '-'], { input: configurations ?? (await rendered()) });
      await untilRegistered(cluster);
    },
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The API server learns of webhooks by a watch: it takes a moment until it calls them. */
async function untilRegistered(cluster: ControlPlane): Promise<void> {
  const probe = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'probe', namespace: 'default' },
    spec: { containers: [{ name: 'probe', image: 'probe:latest', securityContext: { privileged: true } }] },
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    const { stderr } = await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], {
      input: probe,
      expectFailure: 'either',
    });
    if (/daygate|forbid-privileged/.test(stderr)) return;
    await sleep(50);
  }
  throw new Error('the API server does not call daygate');
}

async function waitUntilReady(
  child: ChildProcess,
  url: string,
  caFile: string,
  log: () => string,
): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`daygate ended with code ${child.exitCode}:\n${log()}`);
    const answer = await get(`${url}/readyz`, caFile).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(50);
  }
  throw new Error(`daygate is not ready:\n${log()}`);
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

async function get(url: string, caFile: string): Promise<Answer> {
  const ca = await readFile(caFile);
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
    call.on('error', reject);
    call.end();
  });
}
