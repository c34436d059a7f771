/** Prints what a review costs, against a bare node:https echo measured in the same run, and what `check` costs. */
import autocannon from 'autocannon';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { policies } from '../policies/index.ts';
import { compileSettings } from '../src/engine/compile.ts';
import { judge } from '../src/engine/judge.ts';
import { settingsSchema } from '../src/engine/settings.ts';
import { benchCheck } from './check.ts';
import { median } from './median.ts';
import { admissionReview, deniedPod, passingPod, patchedPod } from './reviews.ts';

const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);
const rounds = 3;
const main = join(import.meta.dirname, '../src/main.ts');
const directory = mkdtempSync(join(tmpdir(), 'daygate-bench-'));
const children: ChildProcess[] = [];

function start(file: string, args: readonly string[], stdout: 'pipe' | number): ChildProcess {
  // One core for the server, the rest for the load.
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', stdout, 'inherit'] });
  children.push(child);
  return child;
}

async function startEcho(files: { cert: string; key: string }): Promise<string> {
  const child = start(join(import.meta.dirname, 'echo-server.ts'), [files.cert, files.key], 'pipe');
  const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return `https://127.0.0.1:${chunk.toString().trim()}/validate/production`;
}

async function startDaygate(
  files: { cert: string; key: string },
  more: readonly string[] = [],
): Promise<string> {
  const settings = join(directory, 'daygate.yaml');
  writeFileSync(settings, 'policies:\n  require-seccomp-profile: { fix: true }\n');
  const port = 20_000 + (process.pid % 20_000) + (more.length > 0 ? 1 : 0);
  const args = [
    'serve',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--cert',
    files.cert,
    '--key',
    files.key,
  ];
  // The decision log is part of the cost; reading it is not, and would slow down the load in this process.
  start(main, [...args, '--settings', settings, ...more], openSync('/dev/null', 'w'));
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  for (let attempt = 0; attempt < 200; attempt++) {
    const ready = await fetch(`https://127.0.0.1:${port}/readyz`).then(({ ok }) => ok, () => false); // prettier-ignore
    if (ready) return `https://127.0.0.1:${port}`;
    await sleep(50);
  }
  throw new Error('daygate is not ready');
}

/** A policy of a team's own, which runs in the sandbox. */
const ownPolicy = `
import { definePolicy } from 'daygate/sdk';
import { z } from 'zod';
export default definePolicy({
  id: 'require-labels-object', category: 'labels', title: 'Require labels', severity: 'low', target: 'object',
  kinds: ['Workload'], profiles: { production: 'deny' }, params: z.strictObject({}), messages: { missing: 'no labels' },
  why: '', remediation: '', references: [],
  validate({ object, at }, { report }) {
    if (object.metadata?.labels === undefined) report({ message: 'missing', at: at('metadata', 'labels') });
  },
});
`;

interface Measure {
  readonly name: string;
  readonly url: string;
  readonly body: string;
  readonly expect: RegExp;
}

async function load({ url, body }: Measure, duration: number): Promise<autocannon.Result> {
  const headers = { 'content-type': 'application/json' };
  return autocannon({ url, method: 'POST', body, headers, connections: 10, duration });
}

async function benchServer(): Promise<void> {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };
  writeFileSync(files.cert, pems.cert);
  writeFileSync(files.key, pems.private);
  const [echo, daygate] = [await startEcho(files), await startDaygate(files)];
  const own = join(directory, 'own');
  mkdirSync(own);
  writeFileSync(join(own, 'require-labels-object.ts'), ownPolicy);
  const sandboxed = await startDaygate(files, ['--policies', own]);
  const allowed = admissionReview(passingPod());
  const measures: readonly Measure[] = [
    { name: 'bare node:https echo', url: echo, body: allowed, expect: /"allowed":true/ },
    { name: 'allowed', url: `${daygate}/validate/production`, body: allowed, expect: /"allowed":true\}/ },
    {
      name: 'allowed, own policy too',
      url: `${sandboxed}/validate/production`,
      body: allowed,
      expect: /"allowed":true\}/,
    },
    {
      name: 'denied',
      url: `${daygate}/validate/production`,
      body: admissionReview(deniedPod()),
      expect: /"allowed":false/,
    },
    {
      name: 'patched',
      url: `${daygate}/mutate/production`,
      body: admissionReview(patchedPod()),
      expect: /"patchType":"JSONPatch"/,
    },
  ];
  for (const measure of measures) {
    const headers = { 'content-type': 'application/json' };
    const answer = await (await fetch(measure.url, { method: 'POST', headers, body: measure.body })).text();
    if (!measure.expect.test(answer)) throw new Error(`${measure.name}: unexpected answer ${answer}`);
    await load(measure, 2);
  }
  const results = new Map<string, autocannon.Result[]>();
  for (let round = 0; round < rounds; round++) {
    for (const measure of measures) {
      const result = await load(measure, seconds);
      if (result.non2xx + result.errors > 0)
        throw new Error(`${measure.name}: ${result.non2xx + result.errors} failed calls`);
      results.set(measure.name, [...(results.get(measure.name) ?? []), result]);
    }
  }
  const rate = (name: string): readonly number[] =>
    (results.get(name) ?? []).map(({ requests }) => requests.average);
  const base = rate('bare node:https echo');
  console.log(
    `\nReviews of ${(allowed.length / 1000).toFixed(1)} kB over TLS keep-alive, 10 connections, one process, ${policies.length} policies;`,
  );
  console.log(`median of ${rounds} rounds of ${seconds} s, each round measures all of them in turn\n`);
  console.log(
    `${''.padEnd(24)}${'reviews/s'.padStart(10)}${'of echo'.padStart(9)}${'p50 ms'.padStart(8)}${'p99 ms'.padStart(8)}`,
  );
  for (const { name } of measures) {
    const ratio = median(rate(name).map((value, index) => value / (base[index] ?? NaN)));
    const latency = (pick: 'p50' | 'p99'): string =>
      median((results.get(name) ?? []).map((result) => result.latency[pick])).toFixed(0);
    const cells = [median(rate(name)).toFixed(0).padStart(10), `${(ratio * 100).toFixed(0)} %`.padStart(9)];
    console.log(
      `${name.padEnd(24)}${cells.join('')}${latency('p50').padStart(8)}${latency('p99').padStart(8)}`,
    );
  }
}

/** Nanoseconds of `run`, the median over batches. */
function nanoseconds(run: () => void): number {
  const [batches, size] = [41, 2_000];
  for (let i = 0; i < 20_000; i++) run();
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < size; i++) run();
    times.push(Number(process.hrtime.bigint() - started) / size);
  }
  return median(times);
}

function benchPolicies(): void {
  const settings = settingsSchema.parse({});
  const now = Date.parse('2026-11-21T12:00:00Z');
  const object = passingPod();
  const user = { username: 'alice', groups: ['developers'] };
  const review = { operation: 'CREATE', object, profile: 'production', now, user } as const;
  const empty = compileSettings(settings, policies, { now, only: [] }).compiled;
  const all = compileSettings(settings, policies, { now }).compiled;
  const verdict = judge(all, review);
  if (verdict.findings.length > 0)
    throw new Error(`the passing pod has findings: ${JSON.stringify(verdict.findings)}`);
  console.log(
    '\nOne policy on a Pod with three containers that passes, median (the engine’s own work is taken off)\n',
  );
  // A policy that does nothing, so that building the subjects is counted once and not for each policy.
  const idle = {
    ...policies.find(({ id }) => id === 'require-memory-limit'),
    id: 'idle',
    validate: () => undefined,
  };
  const idleCompiled = compileSettings(settings, [idle as never], { now, only: ['idle'] }).compiled;
  const floor = nanoseconds(() => judge(idleCompiled, review));
  const rows = policies.map(({ id }) => {
    const { compiled } = compileSettings(settings, policies, { now, only: [id] });
    // Those that are off in the profile may object to this Pod; a finding costs more than passing does.
    const finds = judge(compiled, review).findings.length > 0;
    return {
      id: finds ? `${id} (finds)` : id,
      cost: Math.max(0, nanoseconds(() => judge(compiled, review)) - floor),
    };
  });
  for (const { id, cost } of rows.toSorted((a, b) => b.cost - a.cost))
    console.log(`${id.padEnd(34)}${cost.toFixed(0).padStart(7)} ns`);
  console.log(
    `${'no policy looks'.padEnd(34)}${nanoseconds(() => judge(empty, review))
      .toFixed(0)
      .padStart(7)} ns`,
  );
  console.log(`${'the engine around a policy'.padEnd(34)}${floor.toFixed(0).padStart(7)} ns`);
  console.log(
    `${`all ${rows.length} together`.padEnd(34)}${nanoseconds(() => judge(all, review))
      .toFixed(0)
      .padStart(7)} ns`,
  );
}

try {
  benchPolicies();
  await benchCheck();
  await benchServer();
} finally {
  for (const child of children) child.kill();
  rmSync(directory, { recursive: true, force: true });
}
