/**
 * Prints what `check` costs, packed and installed: a small file against a bare start of Node.js, a folder of generated
 * manifests and the real ones beside the checkout, and the objects a second that are judged once it runs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { policies } from '../policies/index.ts';
import { findInputs } from '../src/cli/inputs.ts';
import { processIo } from '../src/cli/io.ts';
import { readItems } from '../src/cli/manifest-items.ts';
import { compileSettings } from '../src/engine/compile.ts';
import { judge } from '../src/engine/judge.ts';
import { settingsSchema } from '../src/engine/settings.ts';
import { generateManifests } from './manifests.ts';
import { median } from './median.ts';

const repository = join(import.meta.dirname, '..');
const megabytes = Number(process.env['BENCH_MEGABYTES'] ?? 30);
const million = 1_000_000;

/** The program as a team gets it. */
function install(folder: string): string {
  const team = join(folder, 'team');
  mkdirSync(team);
  writeFileSync(join(team, 'package.json'), '{ "private": true }');
  const npm = (cwd: string, ...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  };
  npm(repository, 'pack', '--pack-destination', folder);
  const [tarball = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  npm(team, 'install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball));
  return join(team, 'node_modules/daygate/bin/daygate.js');
}

function benchStart(program: string): void {
  const file = join(repository, 'examples/first-draft.yaml');
  const time = (...args: readonly string[]): number => {
    const started = performance.now();
    spawnSync(process.execPath, args);
    return performance.now() - started;
  };
  // The first run fills the cache of compiled code.
  time(program, 'check', file);
  const runs = Array.from({ length: 21 }, () => [time('-e', '0'), time(program, 'check', file)] as const);
  const [node, own] = [median(runs.map(([bare]) => bare)), median(runs.map(([, all]) => all))];
  const ratio = median(runs.map(([bare, all]) => all / bare));
  console.log(
    `One small file: ${own.toFixed(0)} ms, ${ratio.toFixed(1)} times a bare node -e 0 (${node.toFixed(0)} ms)\n`,
  );
}

/** Says at its end what a process took, its threads included. */
const meter = [
  "import { writeSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads';",
  "if (isMainThread) process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));",
].join('');

function benchFolder(program: string, name: string, folder: string, threads?: number): void {
  const args = ['--import', `data:text/javascript,${encodeURIComponent(meter)}`];
  const asked = threads === undefined ? [] : ['--threads', String(threads)];
  const started = performance.now();
  const { output } = spawnSync(
    process.execPath,
    [...args, program, 'check', '-o', 'json', ...asked, folder],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    },
  );
  const wall = (performance.now() - started) / 1000;
  const { coverage, summary } = JSON.parse(output[1] ?? '') as {
    coverage: { files: number; objects: number };
    summary: { findings: number };
  };
  const used = JSON.parse(output[3] ?? '') as NodeJS.ResourceUsage;
  const cpu = (used.userCPUTime + used.systemCPUTime) / million;
  console.log(
    `${name}${threads === undefined ? '' : `, with --threads ${threads}`}: ${coverage.objects} objects in ${coverage.files} files, ${summary.findings} findings`,
  );
  console.log(
    `  ${wall.toFixed(2)} s, ${cpu.toFixed(2)} s of processor time, at most ${(used.maxRSS / 1024).toFixed(0)} MiB,` +
      ` ${(coverage.objects / wall).toFixed(0)} objects/s\n`,
  );
}

/** Workloads a second, read before and judged again and again. */
async function benchJudging(folder: string): Promise<void> {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const settings = settingsSchema.parse({});
  const every = policies.map(({ id }) => id);
  const inputs = await findInputs([folder], processIo());
  for (const [name, only] of [
    ['the default profile', undefined],
    [`all ${every.length} policies`, every],
  ] as const) {
    const { compiled } = compileSettings(settings, policies, { now, ...(only && { only }) });
    const { items } = await readItems(compiled, inputs, { now });
    const workloads = items
      .map(({ review }) => review)
      .filter(({ object: { kind } }) => kind === 'Deployment' || kind === 'StatefulSet')
      .slice(0, 500);
    const rates = Array.from({ length: 9 }, () => {
      const before = process.cpuUsage();
      for (const review of workloads) judge(compiled, review);
      const { user, system } = process.cpuUsage(before);
      return (workloads.length / (user + system)) * million;
    });
    console.log(
      `Judging workloads by ${name}, once running: ${median(rates.slice(2)).toFixed(0)} a second of one processor`,
    );
  }
}

export async function benchCheck(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-bench-check-'));
  try {
    const program = install(folder);
    const [load = 0] = loadavg();
    console.log(
      `\ndaygate check on ${cpus().length} processors, of which ${load.toFixed(1)} are asked for\n`,
    );
    benchStart(program);
    const generated = join(folder, 'manifests');
    for (const { path, text } of generateManifests(megabytes * million)) {
      mkdirSync(dirname(join(generated, path)), { recursive: true });
      writeFileSync(join(generated, path), text);
    }
    // One after the other, so that a busy machine is as busy for all of them.
    for (const threads of [1, undefined])
      benchFolder(program, `${megabytes} MB of generated manifests`, generated, threads);
    const real = join(repository, '../shared/manifests');
    if (existsSync(real)) benchFolder(program, 'Real manifests', real);
    await benchJudging(generated);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await benchCheck();
