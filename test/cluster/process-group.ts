import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Processes that live and die together, with whoever started them. */
export interface ProcessGroup {
  start(command: string, args: readonly string[], name: string): void;
  /** Throws, with the end of the log, if a process that was started has ended. */
  assertAllAlive(): void;
  readLog(name: string): string;
  readonly pids: readonly number[];
  /** Ends all processes, waits until they are gone and removes the directory. */
  stop(): Promise<void>;
}

const LOG_LINES_SHOWN = 20;

export function createProcessGroup(directory: string): ProcessGroup {
  const running = new Map<string, ChildProcess>();
  const ended = new Map<string, string>();
  let stopped: Promise<void> | undefined;

  // In a session of its own, as are the others: Ctrl-C in a terminal is for the parent, which may want to
  // ask the API server something before it stops.
  const reaper = spawn(process.execPath, [fileURLToPath(new URL('reaper.ts', import.meta.url)), directory], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
    env: {},
  });
  // A reaper that is gone is no reason to fail: stop() does all the work without it.
  reaper.stdin.on('error', () => undefined);

  const livePids = () => [...running.values()].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  const tellReaper = () => reaper.stdin.write(`${livePids().join(' ')}\n`);
  const logPath = (name: string) => join(directory, `${name}.log`);
  const readLog = (name: string) => readFileSync(logPath(name), 'utf8');

  function start(command: string, args: readonly string[], name: string) {
    const log = openSync(logPath(name), 'a');
    const child = spawn(command, args, {
      cwd: directory,
      stdio: ['ignore', log, log],
      detached: true,
      // Proxies, kubeconfigs and Go settings of the user must not reach the components.
      env: { PATH: process.env['PATH'], HOME: directory },
    });
    closeSync(log);
    running.set(name, child);
    tellReaper();
    const forget = (reason: string) => {
      running.delete(name);
      ended.set(name, reason);
      tellReaper();
    };
    child.once('exit', (code, signal) => forget(signal === null ? `code ${code ?? 0}` : `signal ${signal}`));
    child.once('error', (error) => forget(error.message));
  }

  function assertAllAlive() {
    for (const [name, reason] of ended) {
      const lastLines = readLog(name).trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
      throw new Error(`${name} ended with ${reason}. The end of its log:\n${lastLines}`);
    }
  }

  async function endAll() {
    // SIGKILL: nothing of a throw-away cluster is worth the API server's graceful shutdown of a minute.
    await Promise.all(
      [...running.values()].map(async (child) => {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }),
    );
    const reaped = reaper.exitCode === null && reaper.signalCode === null ? once(reaper, 'exit') : undefined;
    reaper.stdin.end();
    await reaped;
  }

  return {
    start,
    assertAllAlive,
    readLog,
    get pids() {
      return [...livePids(), ...(reaper.pid === undefined ? [] : [reaper.pid])];
    },
    stop: () => (stopped ??= endAll()),
  };
}
