import { vi } from 'vitest';

interface Run {
  readonly code: number;
  /** Standard output and standard error, in the order in which they were written. */
  readonly out: string;
}

let runs = 0;

/** Runs the program itself in this process: what package.json calls `daygate`, from its arguments to its exit code. */
export async function runDaygate(...args: readonly string[]): Promise<Run> {
  const { argv, exitCode } = process;
  let out = '';
  const write = (text: string | Uint8Array): boolean => {
    out += String(text);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(write),
  );
  process.argv = ['node', 'daygate', ...args];
  process.exitCode = 0;
  try {
    // A name that was not there before, so that the program runs again.
    const program = `../../src/main.ts?run=${++runs}`;
    await import(program);
    // It was set by the program.
    const code: unknown = process.exitCode;
    return { code: Number(code), out };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.argv = argv;
    process.exitCode = exitCode;
  }
}
