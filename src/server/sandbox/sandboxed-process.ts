/**
 * The sandbox: a process that loads a team's own policies and asks them about one review after the other. It waits
 * for questions without an event loop: what a policy leaves behind, a timer or a promise, never runs.
 */
import { readSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { Worker } from 'node:worker_threads';
import { loadPolicies } from '../../config/load-policies.ts';
import { recordModules, replayModules } from '../../config/module-snapshot.ts';
import { compileSettings } from '../../engine/compile.ts';
import type { Compiled } from '../../engine/compiled.ts';
import { profileNames } from '../../engine/profiles.ts';
import { runSandboxed, settingsForSandbox } from '../../engine/sandboxed.ts';
import { messageOf } from '../../errors.ts';
import { objectsIn } from '../admission-review.ts';
import {
  headLength,
  kinds,
  numberFrame,
  readHead,
  textFrame,
  type FrameKind,
  type Question,
  type SandboxSetup,
} from './frames.ts';
import { describePolicy, type Loaded } from './loaded-policies.ts';

const [input, output] = [3, 4] as const;

/** Fills a buffer from the server; false when the server is gone. */
function fill(bytes: Buffer): boolean {
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(input, bytes, length, bytes.length - length, null);
    if (read === 0) return false;
    length += read;
  }
  return true;
}

function send(frame: Buffer): void {
  for (let sent = 0; sent < frame.length;) sent += writeSync(output, frame, sent);
}

const head = Buffer.alloc(headLength);

/** The text of the next frame, which must be of this kind; undefined when the server is gone. */
function receive(kind: FrameKind): string | undefined {
  if (!fill(head)) return undefined;
  const { kind: received, textLength } = readHead(head);
  if (received !== kind) throw new Error(`expected a frame of kind ${kind}, not ${received}`);
  const text = Buffer.allocUnsafe(textLength);
  return fill(text) ? text.toString('utf8') : undefined;
}

/** Undefined where the settings do not fit the policies: the server says so. */
async function load({ folders, settings, builtIn, modules }: SandboxSetup): Promise<Compiled | undefined> {
  const recorder = modules === undefined ? recordModules() : undefined;
  if (modules !== undefined) replayModules(modules);
  const loaded = await loadPolicies(
    folders,
    builtIn.map((id) => ({ id })),
    profileNames(settings),
    {
      files: modules?.files,
      onFile: (file, address) => {
        // Should it never come back, the server knows which one it was.
        send(textFrame(kinds.loading, file));
        recorder?.begin(file, address);
      },
    },
  );
  const policies = loaded.map(({ policy }) => policy);
  const own = settingsForSandbox(settings, new Set(policies.map(({ id }) => id)));
  const { compiled, problems } = compileSettings(own, policies, { now: Date.now() });
  if (recorder !== undefined) {
    const told: Loaded = { policies: policies.map(describePolicy), modules: recorder.snapshot(), problems };
    send(textFrame(kinds.loaded, JSON.stringify(told)));
  }
  return problems.length === 0 ? compiled : undefined;
}

function answer(compiled: Compiled, question: string, body: string): void {
  const { plan, review: known } = JSON.parse(question) as Question;
  const { request } = JSON.parse(body) as { request?: unknown };
  const review = { ...known, ...objectsIn(request, known.operation) };
  for (const index of plan.policies.keys()) {
    send(begun[index] ?? numberFrame(kinds.begun, index));
    const report = runSandboxed(compiled, plan, review, index);
    if (report !== undefined) send(textFrame(kinds.report, JSON.stringify(report)));
  }
  send(done);
}

/**
 * Ends this process when the server is gone. A policy that loops would never see that its pipe was closed, so a thread
 * looks after it. The server says which process it is: it may be gone before this one could ask who its parent is.
 */
function endWithServer(): void {
  const text = `
    const { workerData: server } = require('node:worker_threads');
    setInterval(() => { if (process.ppid !== server) process.kill(process.pid, 'SIGKILL'); }, 500);
  `;
  new Worker(text, {
    eval: true,
    workerData: Number(process.argv[2]),
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  }).unref();
}

const begun = Array.from({ length: 64 }, (_, index) => numberFrame(kinds.begun, index));
const done = numberFrame(kinds.done);

const setup = receive(kinds.setup);
if (setup !== undefined) {
  let compiled: Compiled | undefined;
  endWithServer();
  try {
    compiled = await load(JSON.parse(setup) as SandboxSetup);
    if (compiled !== undefined) send(numberFrame(kinds.ready));
    // Usually done at the end, which this process may not live to see.
    flushCompileCache();
  } catch (error) {
    send(textFrame(kinds.unusable, messageOf(error)));
  }
  while (compiled !== undefined) {
    const question = receive(kinds.question);
    const body = question === undefined ? undefined : receive(kinds.body);
    if (question === undefined || body === undefined) break;
    answer(compiled, question, body);
  }
  // A policy may have left a timer behind.
  process.exit();
}
