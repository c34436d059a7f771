import { awaitsSidecar, groupOf, isCustomGroup, nameOfKind, property, propertyAt, type Path } from '#sdk';
import { withinLimit } from '../config/time-limit.ts';
import { answersOf, type Answers } from '../engine/answers.ts';
import type { Compiled, Plan } from '../engine/compiled.ts';
import { exceptionsAbout } from '../engine/covering.ts';
import { suggestEdits } from '../engine/suggest-edits.ts';
import { choosePlan, judge, reference } from '../engine/judge.ts';
import { factRefs } from '../engine/kinds-read.ts';
import { jsonPointer, member, pointerSteps } from '../engine/locate.ts';
import { describeFault } from '../engine/policy-fault.ts';
import type { Finding, ObjectReference, Review, Skip } from '../engine/review.ts';
import { objectSubject } from '../engine/subjects.ts';
import { profileProblem } from '../engine/routing.ts';
import type { JudgedObject, LocatedFinding, LocatedSkip, ReportError } from '../report/report.ts';
import type { Item } from './manifest-items.ts';
import { suggestionText } from './suggestion.ts';

/** What is asked about every object. */
export interface Asks {
  /** Policies were chosen by hand: what others would look at is no gap. */
  readonly chosen: boolean;
  /** It is to be said which of them found nothing. */
  readonly passes?: boolean;
  /** The lines of findings are to be shown. */
  readonly excerpts?: boolean;
}

/** What became of one object. Plain data: it may come from another thread. */
export interface Outcome {
  readonly file: string;
  /** The label of what was rendered, where the object was. */
  readonly render?: string;
  readonly profile: string;
  readonly findings: readonly LocatedFinding[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly LocatedSkip[];
  /** Absent where nothing could be said about the object. */
  readonly judged?: JudgedObject;
}

/** Judges an object; never throws. */
export function judgeItem(item: Item, asks: Asks): Outcome {
  const { file, review } = item;
  const from = { file, ...renderLabel(item), profile: review.profile };
  try {
    const { isJudged, standing, answers, ...outcome } = withinLimit(() => tryJudging(item, asks));
    if (!isJudged) return { ...from, ...outcome };
    const skipped = outcome.skipped.flatMap(({ policy }) => policy ?? []);
    const judged = { ...from, object: reference(review), skipped, ...standing, ...answers };
    return { ...from, ...outcome, judged };
  } catch (error) {
    const { kind, name } = reference(review);
    const message = `${kind} ${name} could not be judged: it ${describeFault(error)}`;
    const fault = { code: 'internal', message, file, ...renderLabel(item) };
    return { ...from, findings: [], errors: [fault], skipped: [] };
  }
}

function renderLabel({ rendering }: Item): { readonly render?: string } {
  return rendering === undefined ? {} : { render: rendering.label };
}

/** Begins the reason for which an object was passed over, where policies were chosen by hand. */
export const notChosen = 'none of the chosen policies';

function tryJudging(
  item: Item,
  { chosen, passes, excerpts = false }: Asks,
): Pick<Outcome, 'findings' | 'errors' | 'skipped'> & {
  readonly isJudged: boolean;
  readonly standing: Standing;
  readonly answers?: Answers;
} {
  const { compiled, file, manifest, review } = item;
  const verdict = judge(compiled, review, { enforcement: 'enforce' });
  const plan = choosePlan(compiled, review);
  const object = reference(review);
  // Read as a fact about another object: then it is no gap that nothing looks at the object itself.
  const isFact = compiled.profiles
    .get(review.profile)
    ?.entries.some(({ policy }) => factRefs(policy).some((ref) => nameOfKind(ref) === object.kind));
  const idle = typeof plan !== 'string' && plan.empty && isFact !== true;
  const suggested = suggestions(compiled, review, verdict.findings);
  const isUnread = typeof plan !== 'string' && !plan.empty && isLeftToNobody(plan, verdict.skipped);
  const lookers = chosen ? notChosen : `no policy of profile ${review.profile}`;
  return {
    findings: verdict.findings.map((finding) => {
      const { document, item: index } = manifest;
      const { excerpt, ...place } = item.place(pathOf(finding.pointer, manifest.object));
      const suggestion = suggested.get(`${finding.policy} ${finding.pointer}`);
      return {
        ...finding,
        ...place,
        ...(excerpts ? { excerpt: excerpt() } : {}),
        ...renderLabel(item),
        document,
        ...(index === undefined ? {} : { item: index }),
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    }),
    errors: verdict.errors.map(({ policy, message }) => ({
      code: 'policy-failed',
      message: `${policy} ${message} on ${object.kind} ${object.name}`,
      file,
      ...renderLabel(item),
      policy,
    })),
    skipped: [
      ...verdict.skipped,
      ...profileSkip(item, object),
      ...(chosen ? [] : podsSkip(item, object, plan)),
      ...(idle ? [{ object, reason: `${lookers} looks at ${object.kind}` }] : []),
    ].map((skip) => ({ ...skip, ...renderLabel(item) })),
    standing: typeof plan === 'string' ? {} : standingOf(item, plan),
    isJudged: typeof plan !== 'string' && !idle && !isUnread,
    ...(passes === true ? { answers: answersOf(compiled, review, verdict) } : {}),
  };
}

type Standing = Pick<JudgedObject, 'exceptions' | 'awaitsSidecar'>;

/** What else is to be known of an object that was judged. */
function standingOf({ compiled, review }: Item, { kind }: Plan): Standing {
  const exceptions = exceptionsAbout(compiled, review, reference(review), kind);
  const { pod } = objectSubject(review, review.object, kind, compiled.kubernetesMinor);
  const { facts, namespace } = review;
  const own =
    namespace !== undefined && facts?.has('Namespace') === true
      ? facts.find('Namespace', namespace, undefined)
      : undefined;
  const awaits = pod !== undefined && awaitsSidecar(pod, own?.metadata);
  return { exceptions, ...(awaits ? { awaitsSidecar: true } : {}) };
}

/** A namespace that asks for a profile that there is none of; where a profile was chosen by hand, no label counts. */
function profileSkip({ compiled, review }: Item, object: ObjectReference): readonly Skip[] {
  const isNamespace = object.kind === 'Namespace' && object.apiVersion === 'v1';
  if (!isNamespace || review.profile !== compiled.settings.profile) return [];
  const reason = profileProblem(compiled, review.object.metadata?.labels);
  return reason === undefined ? [] : [{ object, reason }];
}

/** A custom kind that plainly makes pods, which only settings can say of it. */
function podsSkip({ compiled, review }: Item, object: ObjectReference, plan: Plan | string): readonly Skip[] {
  const isKnown = typeof plan !== 'string' && plan.kind.template !== undefined;
  const isExempt = object.namespace !== undefined && compiled.exemptNamespaces.has(object.namespace);
  if (isKnown || isExempt || !isCustomGroup(groupOf(object.apiVersion))) return [];
  const podSpec = propertyAt(review.object, ['spec', 'template', 'spec']);
  if (!Array.isArray(property(podSpec, 'containers'))) return [];
  const reason = `no policy sees the pods that ${object.kind} makes: list it under workloads in the settings`;
  return [{ object, reason }];
}

/** What policies suggest, by policy and pointer of the finding. */
function suggestions(
  compiled: Compiled,
  review: Review,
  findings: readonly Finding[],
): ReadonlyMap<string, string> {
  if (!findings.some(({ fixable }) => fixable)) return new Map();
  return new Map(
    suggestEdits(compiled, review).map(({ policy, at, object }) => [
      `${policy} ${jsonPointer(at)}`,
      suggestionText({ ...review.object }, { ...object }),
    ]),
  );
}

/** Whether all policies that look at an object were skipped: for want of a schema, of pods, or of somebody who asks. */
function isLeftToNobody(
  { containers, object, podSpec, relation, request }: Plan,
  skipped: readonly LocatedSkip[],
): boolean {
  // Only what is said of the object itself names no policy: that it has no pods.
  const ofPods = skipped.some(({ policy }) => policy === undefined)
    ? []
    : [...Object.values(containers).flat(), ...podSpec];
  const entries = [...ofPods, ...object, ...relation, ...request];
  return entries.every(({ policy }) => skipped.some((skip) => skip.policy === policy.id));
}

/** The steps of a JSON Pointer; digits are an index where the object has a list. */
function pathOf(pointer: string, root: unknown): Path {
  let value: unknown = root;
  return pointerSteps(pointer).map((key) => {
    const step = Array.isArray(value) ? Number(key) : key;
    value = member(value, step);
    return step;
  });
}
