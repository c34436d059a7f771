/**
 * Prints how much memory `serve` takes at most, by the policies it has and by what is done to it: docs/scale.md. The
 * sum over its processes of what each has ever had resident, on a machine without a limit, where V8 has no reason to save.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { policies } from '../policies/index.ts';
import { peakOf, serveCommand, type ServedCommand } from '../test/faults/served-command.ts';
import { fullSpeed, reviewsFrom } from '../test/faults/steady-load.ts';
import { client } from '../test/server/harness.ts';
import { writeOwnPolicies } from './own-policies.ts';
import { admissionReview, passingPod } from './reviews.ts';

const seconds = Number(process.env['BENCH_SECONDS'] ?? 20);

interface Harm {
  readonly name: string;
  readonly flags?: readonly string[];
  /** Does it, and returns what there is to say of it. */
  readonly run: (server: ServedCommand) => Promise<string>;
}

/** Mixed reviews as fast as they are answered, for some seconds. */
async function mixed({ client }: ServedCommand, forSeconds = seconds): Promise<string> {
  const { calls, failures } = await fullSpeed(reviewsFrom(client), forSeconds);
  return `${calls} reviews${failures.length === 0 ? '' : `, ${failures.length} failed: ${failures[0]}`}`;
}

/** Not faster than a busy machine loads 71 policies: what has changed again by then does not come in force. */
const replacementSeconds = 4;

async function replaceSettings({ settingsFile }: ServedCommand): Promise<void> {
  for (let second = 0; second < seconds; second += replacementSeconds) {
    const text = 'policies:\n  require-seccomp-profile: { fix: true }\n';
    writeFileSync(settingsFile, `${text}exemptNamespaces: [gone-${second}]\n`);
    await sleep(replacementSeconds * 1000);
  }
}

async function idleConnections({ port }: ServedCommand): Promise<TLSSocket[]> {
  const sockets: TLSSocket[] = [];
  for (let count = 0; count < 2_000; count++) {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    sockets.push(socket);
  }
  return sockets;
}

/** Sends so many pods at once, each with an annotation of 6 MiB; returns how many were answered how. */
export async function largeBodies(server: ServedCommand, count = 100): Promise<string> {
  const pod = passingPod();
  const annotations = { notes: 'x'.repeat(6 * 2 ** 20) };
  const body = admissionReview({ ...pod, metadata: { ...pod.metadata, annotations } });
  const stranger = client(() => server.url, server.caPem, { maxSockets: count });
  const answers = await Promise.all(
    Array.from({ length: count }, () => stranger.review(body).then(({ status }) => `HTTP ${status}`, String)),
  );
  stranger.close();
  const counts = Map.groupBy(answers, (answer) => answer);
  return [...counts].map(([answer, all]) => `${all.length} × ${answer}`).join(', ');
}

const harms: readonly Harm[] = [
  { name: 'ready', run: () => Promise.resolve('') },
  { name: 'mixed reviews at full speed', run: mixed },
  {
    name: `… new settings every ${replacementSeconds} s`,
    run: async (server) => {
      const [said] = await Promise.all([mixed(server), replaceSettings(server)]);
      return `${said}, ${await server.metric('daygate_settings_reloads_total')} times`;
    },
  },
  {
    name: '… 2,000 idle connections',
    run: async (server) => {
      const [said, sockets] = await Promise.all([mixed(server), idleConnections(server)]);
      for (const socket of sockets) socket.destroy();
      return said;
    },
  },
  {
    name: '… 100 bodies of 6 MiB',
    run: async (server) => {
      const load = mixed(server);
      const answers = await largeBodies(server);
      return `${await load}; ${answers}`;
    },
  },
  { name: 'two workers at full speed', flags: ['--workers', '2'], run: mixed },
];

async function measure({ flags = [], run }: Harm, more: readonly string[]): Promise<string> {
  const server = await serveCommand({ flags: [...flags, ...more] });
  let most = 0;
  const look = (): void => void (most = Math.max(most, peakOf(server.child.pid ?? 0)));
  // A sandbox that is replaced takes its peak with it.
  const timer = setInterval(look, 100);
  try {
    const said = await run(server);
    look();
    return `${most.toFixed(0).padStart(8)} MiB   ${said}`;
  } finally {
    clearInterval(timer);
    await server.stop();
  }
}

async function benchMemory(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-bench-'));
  try {
    for (const count of [policies.length, 200]) {
      const own = join(folder, String(count));
      writeOwnPolicies(own, count - policies.length);
      console.log(
        `\n${count} policies, ${count - policies.length} of them of a team's own; ${seconds} s each\n`,
      );
      for (const harm of harms) {
        const result = await measure(harm, count === policies.length ? [] : ['--policies', own]);
        console.log(harm.name.padEnd(32) + result);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await benchMemory();
