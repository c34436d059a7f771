import { nameOfKind, text, type FactRef, type KindInfo, type PodSubject, type RequestSubject } from '#sdk';
import type { Compiled, Entry, Plan, RawFinding, Recorder } from './compiled.ts';
import { containerClasses } from './plans.ts';
import { demandDone, describeFault, PolicyFault } from './policy-fault.ts';
import type { PolicyError, Review, Skip } from './review.ts';
import { objectSubject, type AnySubject } from './subjects.ts';

export interface Evaluation {
  readonly findings: readonly RawFinding[];
  readonly errors: readonly PolicyError[];
  readonly skipped: readonly Skip[];
}

const nothing: readonly never[] = [];

/** What an evaluation has come to so far. */
interface Evaluating {
  readonly recorder: Recorder;
  readonly errors: PolicyError[];
  readonly skipped: Skip[];
}

/** Runs every policy of the plan over the object (the review's own, or its old one). */
export function evaluate(compiled: Compiled, plan: Plan, review: Review, object = review.object): Evaluation {
  const { recorder } = compiled;
  const found: Evaluating = { recorder, errors: [], skipped: [] };
  recorder.findings = [];
  recorder.mistakes = [];
  const subject = objectSubject(review, object, plan.kind, compiled.kubernetesMinor);
  runOnObject(found, plan, review, subject);
  const { pod } = subject;
  if (pod !== undefined) runOnPod(found, plan, pod);
  else if (lacksPodSpec(plan, review)) found.skipped.push({ reason: withoutPodSpec(plan.kind) });
  const { findings, mistakes } = recorder;
  for (const mistake of mistakes) note(found, mistake);
  recorder.findings = [];
  recorder.mistakes = [];
  recorder.subject = undefined;
  const { errors, skipped } = found;
  const known = review.facts === undefined ? plan.withoutFacts : nothing;
  return {
    findings: findings.length === 0 ? nothing : inOrder(findings, pod),
    errors: errors.length === 0 ? nothing : errors,
    // Nearly always the same list: the one that the plan has.
    skipped: skipped.length === 0 ? known : [...known, ...skipped],
  };
}

/** Whether there should be pods to judge: `scale` and the like come without them. */
function lacksPodSpec({ kind, podSpec, containers }: Plan, { subresource = '' }: Review): boolean {
  if (kind.template === undefined || subresource !== '') return false;
  return podSpec.length > 0 || containerClasses.some((name) => containers[name].length > 0);
}

function withoutPodSpec({ kind, template = [] }: KindInfo): string {
  return `this ${kind} has no pod spec at ${[...template, 'spec'].join('.')}: nothing is said of its pods`;
}

/** Why a policy about requests is left out where nobody asks. */
export const needsUser = 'needs to know who asks';

function runOnObject(found: Evaluating, plan: Plan, review: Review, subject: RequestSubject): void {
  for (const entry of plan.object) {
    if (subject.schema !== undefined || entry.policy.needsSchema !== true) run(found, entry, subject);
    // Nothing is said at admission, where there are no schemas: the API server has read the object by its own.
    else if (review.schemas !== undefined)
      found.skipped.push({ policy: entry.policy.id, reason: noSchema(review, subject.object) });
  }
  for (const entry of plan.request) {
    if (review.user === undefined) found.skipped.push({ policy: entry.policy.id, reason: needsUser });
    else run(found, entry, subject);
  }
  for (const entry of plan.relation) {
    const unknown = unknownFacts(entry, review);
    if (unknown.length === 0) run(found, entry, subject);
    // Of a review that comes without facts, the plan knows what is skipped.
    else if (review.facts !== undefined)
      found.skipped.push({
        policy: entry.policy.id,
        reason: `needs facts about ${unknown.map(nameOfKind).join(', ')}`,
      });
  }
}

function runOnPod(found: Evaluating, plan: Plan, pod: PodSubject): void {
  for (const entry of plan.podSpec) run(found, entry, pod);
  // One policy over all containers before the next: the processor has its code at hand then.
  for (const name of containerClasses) {
    const containers = pod.containers.filter(({ containerClass }) => containerClass === name);
    if (containers.length === 0) continue;
    for (const entry of plan.containers[name])
      for (const container of containers) run(found, entry, container);
  }
}

function run(found: Evaluating, entry: Entry, subject: AnySubject): void {
  found.recorder.subject = subject;
  try {
    demandDone('validate', entry.policy.validate(subject, entry.context));
  } catch (error) {
    const policy = entry.policy.id;
    if (error instanceof PolicyFault && error.wasNotRun) {
      if (!found.skipped.some((skip) => skip.policy === policy))
        found.skipped.push({ policy, reason: error.message });
    } else note(found, { policy, message: describeFault(error) });
  }
}

/** One fault shows on every container. */
function note({ errors }: Evaluating, error: PolicyError): void {
  const isKnown = errors.some(({ policy, message }) => policy === error.policy && message === error.message);
  if (!isKnown) errors.push(error);
}

function unknownFacts({ policy: { facts: needed = nothing } }: Entry, { facts }: Review): readonly FactRef[] {
  return facts === undefined ? needed : needed.filter((kind) => !facts.has(kind));
}

/** As they lie in the object: fixes are applied in this order, and so a patch is written. */
function inOrder(findings: RawFinding[], pod: PodSubject | undefined): readonly RawFinding[] {
  if (pod === undefined || findings.length === 1) return findings;
  const places = new Map<AnySubject, number>(pod.containers.map((container, index) => [container, index]));
  // What is about no container comes first.
  const place = ({ subject }: RawFinding): number => places.get(subject) ?? -1;
  return findings.sort((a, b) => place(a) - place(b));
}

function noSchema({ schemas }: Review, { apiVersion, kind }: Review['object']): string {
  return text(schemas?.find(text(apiVersion) ?? '', text(kind) ?? '')) ?? 'has no schema';
}
