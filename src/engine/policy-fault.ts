import { printable } from './message.ts';

/**
 * What a policy did wrong, in words of daygate's own that follow its id: `took longer than 2 s`. They quote nothing
 * that came from an object, so they may be shown everywhere.
 */
export class PolicyFault extends Error {
  /** The policy was not run at all: it has nothing to say of this object, and was told of before. */
  readonly wasNotRun: boolean;

  constructor(message: string, { wasNotRun = false } = {}) {
    super(message);
    this.name = 'PolicyFault';
    this.wasNotRun = wasNotRun;
  }
}

/**
 * What was thrown and where, without its words: the message of an exception may quote the object, as that of
 * JSON.parse does.
 */
export function describeFault(error: unknown): string {
  if (error instanceof PolicyFault) return error.message;
  if (!(error instanceof Error)) return 'failed with something that is no error';
  return `failed with ${printable(error.name)}${placeIn(error.stack ?? '')}`;
}

/** ` at policy.ts:24:11`: the first place in a stack, without its folder; nothing where there is none. */
export function placeIn(stack: string): string {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  const place = frames
    .map((frame) => /[\w.-]+\.[cm]?[jt]s:\d+:\d+/.exec(frame.replace(/\?[\w=-]+/, ''))?.[0])
    .find((found) => found !== undefined);
  return place === undefined ? '' : ` at ${place}`;
}

/**
 * Objects to a policy's function that has not done its work when it returns. What is still to come is waited for by
 * nobody, and its failure is no one's news.
 *
 * @throws PolicyFault
 */
export function demandDone(name: 'validate' | 'fix.apply', returned: unknown): void {
  if (typeof returned !== 'object' || returned === null) return;
  if ('then' in returned && typeof returned.then === 'function') {
    Promise.resolve(returned).catch(() => undefined);
    throw new PolicyFault(`failed: ${name} returned a promise: it has to be synchronous`);
  }
  if ('next' in returned && typeof returned.next === 'function') {
    throw new PolicyFault(`failed: ${name} returned a generator, which nobody runs: write a plain function`);
  }
}
