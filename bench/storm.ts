/**
 * Sends reviews at the rate at which a control plane would after a node pool was restarted, to daygate and to a bare
 * node:https echo, and prints whether all were answered, how fast, and what memory it took. docs/scale.md says where the
 * rates come from.
 */
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { client, type Client } from '../test/server/harness.ts';
import { serveCommand, usageOf } from '../test/faults/served-command.ts';
import { reviewsFrom, steadyLoad, type LoadReport, type Send } from '../test/faults/steady-load.ts';
import { openBench } from './servers.ts';

const seconds = Number(argv[2] ?? 20);

/** Reviews a second, by the nodes of the cluster. */
const storms = [
  { nodes: 100, perSecond: 160 },
  { nodes: 1_000, perSecond: 800 },
  { nodes: 5_000, perSecond: 2_400 },
];

// Three API servers, each of which keeps up to 25 idle connections (Go's transport, as the webhook client sets it).
const connections = 75;

/** A second of load on each in turn: whatever else the machine does meets both alike. */
async function inTurn(
  sends: readonly Send[],
  perSecond: number,
  rounds: number,
): Promise<readonly LoadReport[]> {
  const reports = sends.map((): LoadReport[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, send] of sends.entries()) {
      const load = steadyLoad(send, perSecond);
      await sleep(1000);
      reports[index]?.push(await load.stop());
    }
  }
  return reports.map((ofOne) => ({
    calls: ofOne.reduce((sum, { calls }) => sum + calls, 0),
    unmade: ofOne.reduce((sum, { unmade }) => sum + unmade, 0),
    failures: ofOne.flatMap(({ failures }) => failures),
    latencies: ofOne.flatMap(({ latencies }) => latencies).sort((a, b) => a - b),
  }));
}

const at = ({ latencies }: LoadReport, share: number): number =>
  latencies[Math.floor(latencies.length * share)] ?? NaN;

const header = ['reviews/s', 'sent', 'failed', 'p50 ms', 'p99 ms', 'to echo', 'MiB', 'CPU'];
console.log(
  `\nOne replica with one worker, ${seconds} s each, ${connections} connections, all of daygate's policies; and a bare node:https echo\n`,
);
console.log(`${'nodes'.padEnd(8)}${header.map((cell) => cell.padStart(10)).join('')}`);
for (const { nodes, perSecond } of storms) {
  const bench = await openBench();
  const server = await serveCommand({ flags: ['--workers', '1'] });
  const callers: Client[] = [];
  try {
    const echo = await bench.startEcho();
    const [asked, echoed] = [
      client(() => server.url, server.caPem, { maxSockets: connections }),
      client(() => echo.url, undefined, { maxSockets: connections }),
    ];
    callers.push(asked, echoed);
    const sends = [reviewsFrom(asked), reviewsFrom(echoed, 'any')];
    await inTurn(sends, 200, 3);
    const cpu = await server.metric('process_cpu_seconds_total');
    const [daygate, bare] = await inTurn(sends, perSecond, seconds);
    if (daygate === undefined || bare === undefined) throw new Error('no report');
    const used = (await server.metric('process_cpu_seconds_total')) - cpu;
    const { mebibytes } = usageOf(server.child.pid ?? 0);
    const cells = [
      ...[String(perSecond), String(daygate.calls), String(daygate.failures.length)],
      ...[at(daygate, 0.5).toFixed(1), at(daygate, 0.99).toFixed(1)],
      ...[(at(daygate, 0.99) / at(bare, 0.99)).toFixed(2), mebibytes.toFixed(0)],
      `${((used / seconds) * 100).toFixed(0)} %`,
    ];
    console.log(`${String(nodes).padEnd(8)}${cells.map((cell) => cell.padStart(10)).join('')}`);
    const unmade = daygate.unmade + bare.unmade;
    if (unmade > 0) console.log(`  ${unmade} more were not made: a thousand were under way`);
    for (const { what } of [...daygate.failures, ...bare.failures].slice(0, 3)) console.log(`  ${what}`);
  } finally {
    for (const caller of callers) caller.close();
    bench.close();
    await server.stop();
  }
}
