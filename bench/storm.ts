/**
 * Sends reviews at the rate at which a control plane would after a node pool was restarted, and prints whether all were
 * answered, how fast, and what memory it took. docs/scale.md says where the rates come from.
 */
import { argv } from 'node:process';
import { client } from '../test/server/harness.ts';
import { serveCommand, usageOf } from '../test/faults/served-command.ts';
import { reviewsFrom, steadyLoad } from '../test/faults/steady-load.ts';

const seconds = Number(argv[2] ?? 20);

/** Reviews a second, by the nodes of the cluster. */
const storms = [
  { nodes: 100, perSecond: 160 },
  { nodes: 1_000, perSecond: 800 },
  { nodes: 5_000, perSecond: 2_400 },
];

// Three API servers, each of which keeps up to 25 idle connections (Go's transport, as the webhook client sets it).
const connections = 75;

const header = ['reviews/s', 'sent', 'failed', 'p50 ms', 'p99 ms', 'MiB', 'CPU'];
console.log(
  `\nOne replica with one worker, ${seconds} s each, ${connections} connections, all of daygate's policies\n`,
);
console.log(`${'nodes'.padEnd(8)}${header.map((cell) => cell.padStart(10)).join('')}`);
for (const { nodes, perSecond } of storms) {
  const server = await serveCommand({ flags: ['--workers', '1'] });
  const callers = client(() => server.url, server.caPem, { maxSockets: connections });
  try {
    const warmUp = steadyLoad(reviewsFrom(callers), 200);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await warmUp.stop();
    const cpu = await server.metric('process_cpu_seconds_total');
    const load = steadyLoad(reviewsFrom(callers), perSecond);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const { calls, failures, latencies } = await load.stop();
    const used = (await server.metric('process_cpu_seconds_total')) - cpu;
    const sorted = latencies.toSorted((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(1);
    const { mebibytes } = usageOf(server.child.pid ?? 0);
    const cells = [
      ...[String(perSecond), String(calls), String(failures.length), at(0.5), at(0.99), mebibytes.toFixed(0)],
      `${((used / seconds) * 100).toFixed(0)} %`,
    ];
    console.log(`${String(nodes).padEnd(8)}${cells.map((cell) => cell.padStart(10)).join('')}`);
    for (const { what } of failures.slice(0, 3)) console.log(`  ${what}`);
  } finally {
    callers.close();
    await server.stop();
  }
}
