import { dirname } from 'node:path';
import { redact, type Policy } from '#sdk';
import { loadPolicies, type LoadedPolicy } from '../config/load-policies.ts';
import { readSettings } from '../config/settings-file.ts';
import { nameStrayFailures } from '../config/stray-failures.ts';
import { longestSeconds, overdueOn, timeLimited, withinLimit } from '../config/time-limit.ts';
import { withoutExit } from '../config/without-exit.ts';
import { describeFault, PolicyFault } from '../engine/policy-fault.ts';
import { profileNames } from '../engine/profiles.ts';
import { UserError } from '../errors.ts';
import { checks } from '../policy-test/checks.ts';
import { readOwnFolder } from '../policy-test/fixtures.ts';
import { paintFor, type Io } from './io.ts';
import { oneOf } from './one-of.ts';

/** What a policy did not stand. */
interface Objection {
  /** The sentence that should hold: `finds what its fixtures record`. */
  readonly check: string;
  readonly message: string;
}

interface Tested {
  readonly policy: string;
  readonly file: string;
  readonly fixtures: number;
  readonly objections: readonly Objection[];
  /** What the policy threw, where objections name it: message and stack. */
  readonly thrown: readonly string[];
}

/**
 * Tests the policies of folders on their fixtures, as those that ship with daygate are tested; returns the exit code:
 * 0 where nothing is objected to, 1 otherwise, 2 where a policy cannot be loaded.
 */
export async function testPolicies(
  folders: readonly string[],
  { output, settings: named }: { readonly output: string; readonly settings?: string },
  builtIn: readonly Policy[],
  io: Io,
): Promise<number> {
  const format = oneOf('output format', output, ['text', 'json']);
  if (folders.length === 0) {
    throw new UserError('usage', 'no policies to test: name a folder, or policyFolders in the settings');
  }
  const profiles = profileNames((await readSettings(named)).settings);
  const loaded = (await withoutExit(() => loadPolicies(folders, builtIn, profiles))).map(watchThrows);
  nameStrayFailures((text) => io.err(text));
  const library = [...builtIn, ...loaded.map(({ policy }) => policy)];
  const tested = loaded.map((one) => testPolicy(one, library));
  io.out(format === 'json' ? `${JSON.stringify(tested, null, 2)}\n` : textOf(tested, io));
  return tested.some(({ objections }) => objections.length > 0) ? 1 : 0;
}

interface WatchedPolicy extends LoadedPolicy {
  /** What was thrown, by the words in which objections name it. */
  readonly thrown: ReadonlyMap<string, string>;
}

/**
 * Keeps what a policy throws. Where manifests are judged, only its name and place are told, because the words may quote
 * the object; here the objects are the fixtures of whoever reads it.
 */
function watchThrows({ file, policy: own }: LoadedPolicy): WatchedPolicy {
  const policy = timeLimited(own);
  const thrown = new Map<string, string>();
  const watch = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      const fault = describeFault(error);
      if (!(error instanceof PolicyFault) && !thrown.has(fault)) thrown.set(fault, thrownText(error));
      throw error;
    }
  };
  const { fix } = policy;
  const watched: Policy = {
    ...policy,
    validate: (subject, context) => watch(() => policy.validate(subject, context)),
    ...(fix === undefined
      ? {}
      : { fix: { ...fix, apply: (draft, context) => watch(() => fix.apply(draft, context)) } }),
  };
  return { file, policy: watched, thrown };
}

const mostFrames = 6;

/** Message and stack up to where daygate called the policy, without what looks like a credential. */
function thrownText(error: unknown): string {
  if (!(error instanceof Error)) return redact(String(error));
  const [head = '', ...lines] = (error.stack ?? error.message).split('\n    at ');
  const end = lines.findIndex((line) => line.includes('time-limit'));
  const frames = lines.slice(0, end === -1 ? mostFrames : Math.min(end, mostFrames));
  return [redact(head), ...frames.map((line) => `    at ${line}`)].join('\n');
}

function testPolicy({ file, policy, thrown }: WatchedPolicy, library: readonly Policy[]): Tested {
  const folder = readOwnFolder(policy, dirname(file));
  const objections: Objection[] = [];
  for (const [check, run] of Object.entries(checks)) {
    // Objections quote the fixtures.
    const own = withinLimit(() => run(folder, library)).map((message) => ({
      check,
      message: redact(message),
    }));
    const overdue = overdueOn(policy.id);
    if (overdue !== undefined) {
      // It is not run again: what is said of it from here on is about a policy that says nothing.
      const message = `the policy takes longer than ${longestSeconds} s on ${overdue}; nothing more was tested`;
      objections.push({ check, message });
      break;
    }
    objections.push(...own);
    // What fails on its own fixtures fails on all that is made of them, too: that says nothing new.
    if (own.some(({ message }) => message.includes(': the policy '))) break;
  }
  const named = [...thrown].filter(([fault]) => objections.some(({ message }) => message.includes(fault)));
  return {
    policy: policy.id,
    file,
    fixtures: folder.fixtures.length,
    objections,
    thrown: named.map(([, text]) => text),
  };
}

function textOf(tested: readonly Tested[], io: Io): string {
  const paint = paintFor(io);
  const lines = tested.flatMap(({ policy, file, fixtures, objections, thrown }) => {
    if (objections.length === 0)
      return [`${paint.green('ok  ')} ${policy} ${paint.dim(`(${fixtures} fixtures)`)}`];
    const byCheck = Map.groupBy(objections, ({ check }) => check);
    return [
      `${paint.red('fail')} ${paint.bold(policy)} ${paint.dim(file)}`,
      ...[...byCheck].flatMap(([check, own]) => [
        `     it ${check}: ${paint.red('no')}`,
        ...own.map(({ message }) => `       ${message}`),
      ]),
      ...thrown.flatMap((text) => ['     thrown:', ...text.split('\n').map((line) => `       ${line}`)]),
    ];
  });
  const failed = tested.filter(({ objections }) => objections.length > 0).length;
  return `${lines.join('\n')}\n\n${tested.length - failed} passed, ${failed} failed\n`;
}
