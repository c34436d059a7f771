import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { policies } from '../../policies/index.ts';
import type { Io } from '../../src/cli/io.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { tellFailure } from '../../src/cli/tell-failure.ts';
import { now } from './run-check.ts';

export const main = join(import.meta.dirname, '../../src/main.ts');

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as the program does. */
export async function runProgram(
  args: readonly string[],
  own: Partial<Io> = {},
  name = 'daygate',
): Promise<Ran> {
  let [out, err, code] = ['', '', 0];
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    input: () => Promise.resolve(new Uint8Array()),
    color: false,
    now: () => now,
    ...own,
  };
  const unused = (): never => {
    throw new Error('no test asks for it here');
  };
  const program = buildProgram({
    io,
    name,
    environment: {},
    builtIn: () => Promise.resolve(policies),
    serve: unused,
    runOnce: unused,
    finish: (given) => (code = given),
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    code = tellFailure(error, io);
  }
  return { code, out, err };
}

/** Starts daygate in a process of its own. */
export function startDaygate(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits until a stream has said something, from its beginning; the test's own time limit bounds it. */
export function heard(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
): (expected: RegExp) => Promise<string> {
  let text = '';
  const waiting = new Set<() => void>();
  child[stream]?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of waiting) look();
  });
  return (expected) =>
    new Promise((done) => {
      const look = (): void => {
        if (!expected.test(text)) return;
        waiting.delete(look);
        done(text);
        text = '';
      };
      waiting.add(look);
      look();
    });
}

export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.once('close', (code) => done(code)));
}
