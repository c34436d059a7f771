import type { Concealed, Messages, Path, Report } from '#sdk';
import type { Entry } from './compile.ts';
import type { AnySubject } from './subjects.ts';

/** A finding as a policy reported it, before anybody has decided what it leads to. */
export interface Reported {
  readonly entry: Entry;
  readonly message: string;
  readonly at: Path;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  /** The credential that was found; only its fingerprint ever leaves the engine. */
  readonly secret?: Concealed | undefined;
  /** What the policy looked at; absent where it ran in another process. */
  readonly subject?: AnySubject;
}

export interface RawFinding extends Reported {
  readonly subject: AnySubject;
}

/**
 * Where `report` puts findings. Policies run one after the other and synchronously, so one recorder serves all of
 * them: a context made once per policy costs a review nothing, a context made per call would cost it 10 µs.
 */
export interface Recorder {
  findings: RawFinding[];
  subject: AnySubject | undefined;
}

export function recordedBy(recorder: Recorder, entry: () => Entry): Report<Messages> {
  return ({
    message,
    at,
    data,
    secret,
  }: {
    message: string;
    at: Path;
    data?: Readonly<Record<string, string | number>> | undefined;
    secret?: Concealed;
  }) => {
    if (recorder.subject === undefined) throw new Error('report was called after validate had returned');
    recorder.findings.push({ entry: entry(), message, at, data, secret, subject: recorder.subject });
  };
}
