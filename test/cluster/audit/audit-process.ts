/** Runs `daygate audit` as users do, as a process of its own, and says what it took. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAuditReport } from '../../../src/audit/read-report.ts';
import type { AuditReport } from '../../../src/report/audit/audit-report.ts';

const main = join(import.meta.dirname, '../../../src/main.ts');

/** Says at its end how much memory a process had at most. */
const meter = "import { writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));"; // prettier-ignore

interface AuditRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Peak resident memory. */
  readonly mebibytes: number;
  /** As it says itself. */
  readonly calls: number;
}

/** Runs the program with any command; `folder` is where it runs, and where it may write. */
export async function runMain(folder: string, args: readonly string[]): Promise<AuditRun> {
  const peakFile = join(folder, 'peak');
  const importing = ['--import', `data:text/javascript,${encodeURIComponent(meter)}`];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PEAK_FILE: peakFile, NO_COLOR: '1' };
    const options = { cwd: folder, env, maxBuffer: 2 ** 28 };
    execFile(process.execPath, [...importing, main, ...args], options, (error, out, err) => {
      const code = error === null ? 0 : error.code;
      if (typeof code !== 'number') {
        reject(new Error(`${args.join(' ')}: ${String(error?.message)}\n${err}`));
        return;
      }
      resolve({
        code,
        out,
        err,
        mebibytes: Number(readFileSync(peakFile, 'utf8')) / 1024,
        calls: Number(/^(\d+) calls to /m.exec(err)?.[1] ?? NaN),
      });
    });
  });
}

export interface Audited extends AuditRun {
  readonly report: AuditReport;
  /** The report's bytes. */
  readonly text: string;
}

/** `daygate audit` with its report as JSON. */
export async function runAudit(
  folder: string,
  kubeconfig: string,
  args: readonly string[] = [],
  file = 'report.json',
): Promise<Audited> {
  const output = ['-o', `json=${file}`, '-o', 'text'];
  const run = await runMain(folder, [
    'audit',
    '--kubeconfig',
    kubeconfig,
    '--cluster',
    'test',
    ...output,
    ...args,
  ]);
  const path = join(folder, file);
  try {
    return { ...run, report: readAuditReport(path), text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new Error(`daygate audit ended with ${run.code}\n${run.err}`, { cause: error });
  }
}
