import { spawn } from 'node:child_process';
import { Console } from 'node:console';
import { enableCompileCache } from 'node:module';
import { basename, extname } from 'node:path';
import { processIo } from './cli/io.ts';
import { buildProgram } from './cli/program.ts';
import { tellFailure } from './cli/tell-failure.ts';

// Compiled code is kept between runs: half of what a short `check` takes would be compiling.
enableCompileCache();

// What a policy of a team prints is for whoever writes it, and no part of a report.
globalThis.console = new Console(process.stderr);

// kubectl takes kubectl-daygate for `kubectl daygate`, and asks kubectl_complete-daygate what to complete.
const calledAs = basename(process.argv[1] ?? '');
const name = /^kubectl-daygate(?:\.js)?$/.test(calledAs) ? 'kubectl daygate' : 'daygate';
const args = process.argv.slice(2);
const words = calledAs === 'kubectl_complete-daygate' ? ['__complete', '--', ...args] : args;

const io = processIo(process.argv.includes('--no-color') ? false : undefined);

const program = buildProgram({
  io,
  name,
  environment: process.env,
  builtIn: async () => (await import('../policies/index.ts')).policies,
  serve: async (options, policies) => {
    const { serveProcess } = await import('./serve-process.ts');
    await serveProcess(options, policies);
  },
  runOnce: (signal) =>
    new Promise((done, fail) => {
      const [, script = ''] = process.argv;
      const once = [...process.execArgv, script, ...args.filter((arg) => arg !== '--watch')];
      const run = spawn(process.execPath, once, { stdio: 'inherit', signal });
      run.once('error', (error) => (signal.aborted ? done(0) : fail(error)));
      run.once('exit', (code) => done(code ?? 0));
    }),
  startThread: (data) => {
    // Loaded here, since most runs need no thread.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    return new Worker(new URL(`judging-thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: data,
    });
  },
  finish: (code) => {
    process.exitCode = code;
  },
});

try {
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  process.exitCode = tellFailure(error, io);
}
