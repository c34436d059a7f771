import type { Compiled, Entry, Plan } from './compile.ts';
import type { RawFinding } from './recorder.ts';
import { printable } from './message.ts';
import type { PolicyError, Review, Skip } from './review.ts';
import { objectSubject, type AnySubject } from './subjects.ts';

export interface Evaluation {
  readonly findings: readonly RawFinding[];
  readonly errors: readonly PolicyError[];
  readonly skipped: readonly Skip[];
}

const nothing: readonly never[] = [];

/** Runs every policy of the plan over the object (the review's own, or its old one). */
export function evaluate(compiled: Compiled, plan: Plan, review: Review, object = review.object): Evaluation {
  const { recorder } = compiled;
  const errors: PolicyError[] = [];
  const skipped: Skip[] = [];
  const run = (entry: Entry, subject: AnySubject): void => {
    recorder.subject = subject;
    try {
      entry.policy.validate(subject, entry.context);
    } catch (error) {
      errors.push({ policy: entry.policy.id, message: describeFault(error) });
    }
  };
  recorder.findings = [];
  const subject = objectSubject(review, object, plan.kind, compiled.kubernetesMinor);
  for (const entry of plan.object) {
    if (entry.policy.needsSchema !== true || subject.schema !== undefined) run(entry, subject);
    // At admission nobody expects it to: the API server has read the object by its schema.
    else if (review.schemas !== undefined)
      skipped.push({ policy: entry.policy.id, reason: noSchema(review, object) });
  }
  for (const entry of plan.request) {
    if (review.user === undefined)
      skipped.push({ policy: entry.policy.id, reason: 'needs to know who asks' });
    else run(entry, subject);
  }
  for (const entry of plan.relation) {
    const missing = (entry.policy.facts ?? []).filter((kind) => review.facts?.has(kind) !== true);
    if (missing.length === 0) run(entry, subject);
    else skipped.push({ policy: entry.policy.id, reason: `needs facts about ${missing.join(', ')}` });
  }
  const { pod } = subject;
  if (pod !== undefined) {
    for (const entry of plan.podSpec) run(entry, pod);
    for (const container of pod.containers) {
      for (const entry of plan.containers[container.containerClass]) run(entry, container);
    }
  }
  const { findings } = recorder;
  recorder.findings = [];
  recorder.subject = undefined;
  return {
    findings: findings.length === 0 ? nothing : findings,
    errors: errors.length === 0 ? nothing : errors,
    skipped: skipped.length === 0 ? nothing : skipped,
  };
}

function noSchema({ schemas }: Review, { apiVersion, kind }: Review['object']): string {
  const found = schemas?.find(
    typeof apiVersion === 'string' ? apiVersion : '',
    typeof kind === 'string' ? kind : '',
  );
  return typeof found === 'string' ? found : 'has no schema';
}

/**
 * What was thrown and where, without its words: the message of an exception may quote the object, as that of
 * JSON.parse does.
 */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return 'failed with something that is no error';
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const place = frames
    .map((frame) => /[\w.-]+\.[cm]?[jt]s:\d+:\d+/.exec(frame)?.[0])
    .find((found) => found !== undefined);
  return `failed with ${printable(error.name)}${place === undefined ? '' : ` at ${place}`}`;
}
