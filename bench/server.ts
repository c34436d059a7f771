/**
 * Prints what a review costs the server, beside a bare node:https echo that is measured in turn with it: processor time,
 * reviews a second, latency, memory, and where the time goes. docs/performance.md says how to read it.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { policies } from '../policies/index.ts';
import { median } from './median.ts';
import { writeOwnPolicies } from './own-policies.ts';
import { admissionReview, deniedPod, passingPod, patchedPod } from './reviews.ts';
import { load, openBench, type Bench, type BenchServer, type Slot } from './servers.ts';

const seconds = Number(process.env['BENCH_SECONDS'] ?? 1);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 15);
const warmUpSeconds = 4;

interface Kind {
  readonly name: string;
  readonly path: string;
  readonly body: string;
  readonly expect: RegExp;
}

const validate = '/validate/production';
const allowed: Kind = {
  name: 'allowed',
  path: validate,
  body: admissionReview(passingPod()),
  expect: /"allowed":true/,
};
const kinds: readonly Kind[] = [
  allowed,
  { name: 'denied', path: validate, body: admissionReview(deniedPod()), expect: /"allowed":false/ },
  {
    name: 'patched',
    path: '/mutate/production',
    body: admissionReview(patchedPod()),
    expect: /"patchType":"JSONPatch"/,
  },
];
/** Of 20 reviews; a cluster where more is refused has other worries. */
const mix: Readonly<Record<string, number>> = { allowed: 18, denied: 1, patched: 1 };

interface Measure extends Kind {
  readonly server: BenchServer;
  readonly slots: Slot[];
}

async function warmUp({ server, path, body, name, expect }: Measure): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await (await fetch(`${server.url}${path}`, { method: 'POST', headers, body })).text();
  if (!expect.test(answer)) throw new Error(`${name}: unexpected answer ${answer}`);
  await load(server, path, body, warmUpSeconds);
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

async function benchRatios(bench: Bench): Promise<void> {
  const [echo, daygate] = [await bench.startEcho(), await bench.startDaygate()];
  const own = join(bench.directory, 'own');
  writeOwnPolicies(own, 1);
  const sandboxed = await bench.startDaygate({ args: ['--policies', own] });
  const bare: Measure = { ...allowed, name: 'bare node:https echo', server: echo, expect: /true/, slots: [] };
  const measures: readonly Measure[] = [
    bare,
    ...kinds.map((kind) => ({ ...kind, server: daygate, slots: [] })),
    { ...allowed, name: 'allowed, own policy too', server: sandboxed, slots: [] },
  ];
  for (const measure of measures) await warmUp(measure);
  const start = await daygate.usage();
  // In turn, and back: whatever else the machine does meets all of them alike.
  for (let round = 0; round < rounds; round++) {
    for (const { slots, server, path, body } of round % 2 === 0 ? measures : measures.toReversed())
      slots.push(await load(server, path, body, seconds));
  }
  console.log(
    `\nReviews of ${(allowed.body.length / 1000).toFixed(1)} kB over TLS keep-alive, 10 connections, one process, ${policies.length} policies;`,
  );
  console.log(`median of ${rounds} rounds of ${seconds} s, each round measures all of them in turn\n`);
  const head = ['cpu µs', 'of echo', 'reviews/s', 'of echo', 'p50 ms', 'p99 ms', 'to echo'];
  console.log(''.padEnd(24) + head.map((title) => title.padStart(10)).join(''));
  const costs = new Map<string, number>();
  for (const { name, slots } of measures) {
    const against = (ratio: (slot: Slot, base: Slot) => number): number =>
      median(slots.map((slot, index) => ratio(slot, bare.slots[index] ?? slot)));
    const of = (pick: (slot: Slot) => number): number => median(slots.map(pick));
    const cpu = against((slot, base) => base.cpu / slot.cpu);
    costs.set(name, 1 / cpu);
    const cells = [
      of((slot) => slot.cpu).toFixed(1),
      percent(cpu),
      of((slot) => slot.perSecond).toFixed(0),
      percent(against((slot, base) => slot.perSecond / base.perSecond)),
      of((slot) => slot.p50).toFixed(2),
      of((slot) => slot.p99).toFixed(2),
      against((slot, base) => slot.p99 / base.p99).toFixed(2),
    ];
    console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(10)).join(''));
  }
  const parts = Object.entries(mix);
  const total = parts.reduce((sum, [, share]) => sum + share, 0);
  const cost = parts.reduce((sum, [name, share]) => sum + (share / total) * (costs.get(name) ?? NaN), 0);
  const shares = parts.map(([name, share]) => `${share} ${name}`).join(', ');
  console.log(`\nA mix of ${shares}: ${percent(1 / cost)} of the echo by processor time`);
  const end = await daygate.usage();
  const reviews = measures
    .filter(({ server }) => server === daygate)
    .flatMap(({ slots }) => slots)
    .reduce((sum, slot) => sum + slot.reviews, 0);
  console.log(
    `Memory of the server: ${mebibytes(start.residentBytes)} after warming up, ${mebibytes(end.residentBytes)} after ${reviews} reviews more` +
      ` (the echo: ${mebibytes((await echo.usage()).residentBytes)})`,
  );
}

const rows = {
  parse: 'parse (JSON, envelope)',
  select: 'select the policies',
  evaluate: 'evaluate',
  settle: 'settle the findings',
  fix: 'fix',
  render: 'render the answer',
  log: 'log',
} as const;

/** Where the processor time of a review goes, from marks in a server of its own. */
async function benchBudget(bench: Bench): Promise<void> {
  const server = await bench.startDaygate({
    preload: pathToFileURL(join(import.meta.dirname, 'marks.ts')).href,
  });
  const columns = kinds.map((kind) => ({ ...kind, server, slots: [] as (Slot & { steps: Steps })[] }));
  for (const column of columns) await warmUp(column);
  await marks(server, 1);
  for (let round = 0; round < rounds; round++) {
    for (const { slots, path, body } of columns) {
      const slot = await load(server, path, body, seconds);
      slots.push({ ...slot, steps: await marks(server, slot.reviews) });
    }
  }
  console.log('\nWhere the processor time of a review goes, µs and share\n');
  console.log(''.padEnd(24) + columns.map(({ name }) => name.padStart(16)).join(''));
  type MarkedSlot = (typeof columns)[number]['slots'][number];
  const line = (title: string, of: (slot: MarkedSlot) => number): void => {
    const cells = columns.map(({ slots }) => {
      const share = median(slots.map((slot) => of(slot) / slot.cpu));
      return `${median(slots.map(of)).toFixed(1)} ${percent(share).padStart(5)}`.padStart(16);
    });
    console.log(title.padEnd(24) + cells.join(''));
  };
  line('TLS, HTTP and the rest', ({ cpu, steps }) =>
    Object.values(steps).reduce((rest, step) => rest - step, cpu),
  );
  for (const [step, title] of Object.entries(rows)) line(title, ({ steps }) => steps[step] ?? 0);
  line('together', ({ cpu }) => cpu);
}

type Steps = Readonly<Record<string, number>>;

async function marks({ child }: BenchServer, reviews: number): Promise<Steps> {
  const answer = once(child, 'message') as Promise<[Steps]>;
  child.send(reviews);
  return (await answer)[0];
}

export async function benchServer(): Promise<void> {
  const bench = await openBench();
  try {
    await benchRatios(bench);
    await benchBudget(bench);
  } finally {
    bench.close();
  }
}

if (import.meta.main) await benchServer();
