import { policies } from '../../policies/index.ts';
import { fix, type FixOptions } from '../../src/cli/fix.ts';
import { errorCodes, UserError } from '../../src/errors.ts';
import { now, type CheckResult } from './run-check.ts';

/** Runs `fix` in this process, with mistakes turned into exit codes as the program does. */
export async function runFix(
  paths: readonly string[],
  options: FixOptions = {},
  input = '',
): Promise<CheckResult> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    input: () => Promise.resolve(new TextEncoder().encode(input)),
    color: false,
    now: () => now,
  };
  try {
    return { code: await fix(paths, options, policies, io), out, err };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: errorCodes[error.code].exit, out, err: err + error.message };
  }
}
