import { Script } from 'node:vm';
import { isRecord, type Policy } from '#sdk';
import { deepFreeze } from '../engine/deep-freeze.ts';
import { printable } from '../engine/message.ts';
import { PolicyFault } from '../engine/policy-fault.ts';
import { withoutExit } from './without-exit.ts';

/** How long one call of a team's policy may take. It costs microseconds, and one that loops never ends. */
export const longestSeconds = 2;
/** When it is first looked whether a policy has been running for so long. */
const firstLookMs = 2_000 * longestSeconds;

interface Call {
  readonly policy: string;
  /** The whole object, of whatever part of it the policy looks at. */
  readonly object: unknown;
  readonly name: string;
  /** On the clock of performance.now(). */
  readonly since: number;
}

let hasLimited = false;
let running: Call | undefined;
/** Calls that took too long, by policy: it is not run again. */
const overdue = new Map<string, Call>();

/** The same policy, stopped where it runs for too long inside `withinLimit`, or writes to what it looks at. */
export function timeLimited(policy: Policy): Policy {
  hasLimited = true;
  const { id, fix } = policy;
  return {
    ...policy,
    validate: (subject, context) => timed(id, subject, () => policy.validate(subject, context)),
    ...(fix === undefined
      ? {}
      : {
          fix: {
            ...fix,
            apply: (draft, context) => timed(id, context.subject, () => fix.apply(draft, context)),
          },
        }),
  };
}

function timed(policy: string, subject: unknown, call: () => unknown): unknown {
  const { object, name } = whole(subject);
  // A policy that sorted a list in place would have all others see, and name, other items.
  deepFreeze(object);
  const late = overdue.get(policy);
  if (late !== undefined) {
    if (late.object === object) throw new PolicyFault(`took longer than ${longestSeconds} s`);
    const message = `was not run again after it took longer than ${longestSeconds} s on ${late.name}`;
    throw new PolicyFault(message, { wasNotRun: true });
  }
  const outer = running;
  running = { policy, object, name, since: performance.now() };
  // Not done where the call is stopped from outside: then it says who was running.
  try {
    const returned = call();
    running = outer;
    return returned;
  } catch (error) {
    running = outer;
    throw error;
  }
}

/** The object that a subject is, or is part of. */
function whole(subject: unknown): { readonly object: unknown; readonly name: string } {
  const pod =
    isRecord(subject) && isRecord(subject['pod']) && 'container' in subject ? subject['pod'] : subject;
  const root = isRecord(pod) && isRecord(pod['workload']) ? pod['workload'] : pod;
  if (!isRecord(root)) return { object: root, name: 'an object' };
  const kind = isRecord(root['kind']) ? String(root['kind']['kind']) : 'an object';
  return { object: root['object'], name: printable(`${kind} ${String(root['name'])}`) };
}

const slot = Symbol.for('daygate.withinLimit');
const script = new Script(`globalThis[Symbol.for('${String(slot.description)}')]()`);

/**
 * Runs what may call a team's policies, and must do the same when it is run again: where one of them takes too long, it
 * is stopped, and all is run once more without it. Code that loops can be interrupted only around a whole script, which
 * takes 0.1 ms, so that is not done for each call.
 */
export function withinLimit<T>(run: () => T): T {
  if (!hasLimited) return run();
  for (let ms = firstLookMs; ; ms *= 2) {
    Object.assign(globalThis, { [slot]: run });
    try {
      return withoutExit(() => script.runInThisContext({ timeout: ms }) as T);
    } catch (error) {
      const stopped = running;
      running = undefined;
      const isLimit = isRecord(error) && error['code'] === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      if (!isLimit) throw error;
      // What takes so long is no policy of a team.
      if (stopped === undefined) return run();
      if (performance.now() - stopped.since >= longestSeconds * 1000) overdue.set(stopped.policy, stopped);
    }
  }
}

/** Where the policy took too long: `Pod web`. */
export function overdueOn(policy: string): string | undefined {
  return overdue.get(policy)?.name;
}
