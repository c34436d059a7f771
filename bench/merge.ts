/**
 * Prints what `daygate merge` takes for fleets: 100 clusters with 1,000 findings each, and the larger ones that are
 * named as arguments: npm run bench:merge -- 300.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonOf, largeReport } from '../test/merge/sample-report.ts';

const main = join(import.meta.dirname, '../src/main.ts');
const findings = 1000;
const mebibyte = 2 ** 20;

/** Says at its end what a process took. */
const meter = "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));"; // prettier-ignore

function run(
  folder: string,
  args: readonly string[],
): { readonly line: string; readonly code: number | null } {
  const importing = ['--import', `data:text/javascript,${encodeURIComponent(meter)}`];
  const started = performance.now();
  const { output, status } = spawnSync(process.execPath, [...importing, main, 'merge', ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 2 ** 30,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { maxRSS } = JSON.parse(output[3] ?? '{}') as NodeJS.ResourceUsage;
  return { line: `${seconds} s, at most ${(maxRSS / 1024).toFixed(0)} MiB`, code: status };
}

function benchFleet(clusters: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-bench-merge-'));
  try {
    const files = Array.from({ length: clusters }, (_, index) => `cluster-${index}.json`);
    for (const [index, file] of files.entries())
      writeFileSync(join(folder, file), jsonOf(largeReport(`cluster-${index}`, findings)));
    const size = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) / mebibyte;
    console.log(`\n${clusters} clusters with ${findings} findings each, ${size.toFixed(0)} MiB of reports`);
    console.log(`  counts as text: ${run(folder, ['-o', 'text', ...files]).line}`);
    const { line, code } = run(folder, ['-o', 'json=merged.json', ...files]);
    if (code !== 1) return;
    console.log(
      `  one report: ${line}, ${(statSync(join(folder, 'merged.json')).size / mebibyte).toFixed(0)} MiB`,
    );
    const diff = run(folder, ['--diff', 'merged.json', ...files]);
    console.log(`  what is new and gone: ${diff.code === 0 ? diff.line : 'not in one'}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

console.log(`daygate merge on ${cpus().length} processors, Node.js ${process.version}`);
const named = process.argv.slice(2).map(Number);
for (const clusters of [100, ...named.filter((number) => Number.isSafeInteger(number) && number > 0)])
  benchFleet(clusters);
