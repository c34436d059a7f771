import { isRecord, type Concealed, type Messages, type Path, type Report } from '#sdk';
import type { Entry, Recorder } from './compiled.ts';
import { printable } from './message.ts';
import { nearest } from './nearest.ts';
import { placeIn } from './policy-fault.ts';
import { containerName } from './subjects.ts';

/** Takes what a policy reports; what is no finding of the policy's becomes a mistake of the policy. */
export function recordedBy(recorder: Recorder, entry: () => Entry): Report<Messages> {
  return ({ message, at, data, secret }: Reportable): void => {
    const { subject } = recorder;
    if (subject === undefined) throw new Error('report was called after validate had returned');
    const own = entry();
    const texts = own.texts.get(message);
    if (texts === undefined) {
      note(recorder, own, unknownMessage(message, own));
      return;
    }
    if (!isPath(at)) {
      note(recorder, own, `reports ${message} at something that is no path: at is at('spec', …)`);
      return;
    }
    if (data !== undefined && !isRecord(data)) {
      note(recorder, own, `reports ${message} with data that is no table of placeholders`);
      return;
    }
    recorder.findings.push({ entry: own, message, at, data, secret, subject });
    for (const name of texts.placeholders) {
      if (data !== undefined && Object.hasOwn(data, name) && data[name] !== undefined) continue;
      if (name === 'container' && containerName(subject) !== undefined) continue;
      // The types ask for what the message names: what only its remediation names cannot be passed.
      const isNamed = own.policy.messages[message]?.includes(`{${name}}`) === true;
      const mend = isNamed ? 'pass it as data' : 'name it in the message, too, and pass it as data';
      note(recorder, own, `reports ${message} and does not say what {${name}} is: ${mend}`);
    }
  };
}

/** What arrives where nobody has checked the types. */
interface Reportable {
  readonly message: string;
  readonly at: Path;
  readonly data?: Readonly<Record<string, string | number>> | undefined;
  readonly secret?: Concealed;
}

function isPath(at: unknown): boolean {
  return Array.isArray(at) && at.every((step) => typeof step === 'string' || typeof step === 'number');
}

function unknownMessage(message: unknown, { texts }: Entry): string {
  const known = [...texts.keys()];
  // The name of a message is written in the policy; what does not look like one may come from the object.
  if (typeof message !== 'string' || !/^[\w-]{1,63}$/.test(message)) {
    return `reports something that is none of its messages (${known.join(', ')})`;
  }
  return `reports ${printable(message)}, which is none of its messages (${known.join(', ')})${nearest(message, known)}`;
}

function note(recorder: Recorder, { policy }: Entry, words: string): void {
  recorder.mistakes.push({ policy: policy.id, message: `${words}${callerIn(new Error().stack ?? '')}` });
}

/** Where the policy called report: the first frame below those of daygate itself, whose folder the first one names. */
function callerIn(stack: string): string {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  const home = /[^\s(]*\/(?:src|dist)\//.exec(frames[0] ?? '')?.[0];
  return placeIn(frames.filter((frame) => home === undefined || !frame.includes(home)).join('\n'));
}
