import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkOutputSchema } from '../../scripts/generate/check-output-schema.ts';
import { policies } from '../../policies/index.ts';
import { check, type CheckOptions } from '../../src/cli/check.ts';
import { errorCodes, UserError } from '../../src/errors.ts';
import type {
  LocatedFinding,
  LocatedSkip,
  RenderingCoverage,
  ReportError,
  Summary,
} from '../../src/report/report.ts';

export interface CheckResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The JSON output, as far as tests look at it. */
export interface JsonOutput {
  readonly version: number;
  readonly summary: Summary;
  readonly findings: readonly LocatedFinding[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly LocatedSkip[];
  readonly coverage: { readonly files: number; readonly objects: number; readonly judged: number };
  readonly renderings?: readonly (RenderingCoverage & { readonly findings: number })[];
}

/** Certificates are made for the present, so the rest of a test lives there too. */
export const now = Date.now();

/** Runs `check` in this process, with mistakes turned into exit codes as the program does. */
export async function runCheck(
  paths: readonly string[],
  options: CheckOptions = {},
  input: Uint8Array | string = '',
): Promise<CheckResult> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    input: () => Promise.resolve(typeof input === 'string' ? new TextEncoder().encode(input) : input),
    color: false,
    now: () => now,
  };
  try {
    const code = await check(paths, options, policies, io);
    return { code, out, err };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: errorCodes[error.code].exit, out, err: `${err}${error.message}` };
  }
}

/** `check -` on a text, with its JSON output. */
export async function checkText(
  text: Uint8Array | string,
  options: CheckOptions = {},
): Promise<{ code: number; json: JsonOutput }> {
  const { code, out } = await runCheck(['-'], { ...options, output: ['json'] }, text);
  // Every output a test looks at is held against the contract too.
  checkOutputSchema.parse(JSON.parse(out));
  return { code, json: JSON.parse(out) as JsonOutput };
}

/** Runs a test in a new folder with these files; the folder goes afterwards. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  run: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'daygate-check-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
