import { keyOfKind, kindKey, redact, text } from '#sdk';
import { apiVersionIn } from './api-version.ts';
import { dateOf, day } from './days.ts';
import { compareTexts } from './order.ts';
import type { Compiled, Plan, Profile, Reported } from './compiled.ts';
import { planFor } from './plans.ts';
import { actionOf, leniencyOf, type ReportedFindings } from './leniency.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { exceptionsOf } from './covering.ts';
import { inForce, type CompiledException } from './exceptions.ts';
import { jsonPointer, locator } from './locate.ts';
import { cut, fillTemplate, noName, printable } from './message.ts';
import { reveal } from './reveal.ts';
import type {
  ExceptionReference,
  Finding,
  ObjectReference,
  PolicyError,
  Review,
  Skip,
  Verdict,
} from './review.ts';
import { containerName, nameOf, namespaceOf } from './subjects.ts';

const clean: { readonly [E in 'enforce' | 'observe']: Verdict } = {
  enforce: { allowed: true, enforcement: 'enforce', findings: [], errors: [], skipped: [] },
  observe: { allowed: true, enforcement: 'observe', findings: [], errors: [], skipped: [] },
};

export interface JudgeOptions {
  /** Decides over the settings: `check` judges as enforced unless told otherwise. */
  readonly enforcement?: 'enforce' | 'observe' | undefined;
  /** What the policies said that run in the sandbox; without it they are left out. */
  readonly elsewhere?: Elsewhere | undefined;
  /** Whether facts run behind what happens, as those of a server do: then they deny nothing. */
  readonly factsLag?: boolean;
}

/** What policies said that did not run here. */
export interface Elsewhere {
  readonly findings: readonly Reported[];
  /** What they said of the old object. */
  readonly before: readonly Reported[];
  readonly errors: readonly PolicyError[];
  readonly skipped: readonly Skip[];
}

/** Answers a review. The same review gets the same verdict, whoever asks. */
export function judge(compiled: Compiled, review: Review, options: JudgeOptions = {}): Verdict {
  const enforcement =
    options.enforcement ?? enforcementIn(compiled, profileOf(compiled, review), namespaceOf(review));
  const plan = choosePlan(compiled, review);
  if (typeof plan === 'string') {
    return { ...clean[enforcement], skipped: [{ object: reference(review), reason: plan }] };
  }
  const { elsewhere } = options;
  if (plan.empty && elsewhere === undefined) return clean[enforcement];
  const here = evaluate(compiled, plan, review);
  const { findings: raw, errors, skipped } = elsewhere === undefined ? here : together(here, elsewhere);
  if (raw.length === 0 && errors.length === 0 && skipped.length === 0) return clean[enforcement];
  const named = review.facts === undefined ? skipped : withObject(skipped, review);
  if (raw.length === 0 && errors.length === 0) return { ...clean[enforcement], skipped: named };
  const reported = { raw, before: elsewhere?.before ?? [], factsLag: options.factsLag === true };
  const findings = settle(compiled, plan, review, reported, enforcement);
  return {
    allowed: !findings.some(({ action }) => action === 'deny'),
    enforcement,
    findings,
    errors,
    skipped: named,
  };
}

/** Where there are facts, many objects are judged in one run; otherwise it is plain which one is meant. */
function withObject(skipped: readonly Skip[], review: Review): readonly Skip[] {
  if (skipped.length === 0) return skipped;
  const object = reference(review);
  return skipped.map((skip): Skip => ({ object, ...skip }));
}

function together(here: Evaluation, { findings, errors, skipped }: Elsewhere): Omit<Elsewhere, 'before'> {
  return {
    findings: [...here.findings, ...findings],
    errors: [...here.errors, ...errors],
    skipped: [...here.skipped, ...skipped],
  };
}

/** Whether denials count in a namespace, or are capped at warnings. */
export function enforcementIn(
  compiled: Compiled,
  profile: Profile,
  namespace: string | undefined,
): 'enforce' | 'observe' {
  const { enforcement } = compiled.settings;
  const { default: general, namespaces } =
    typeof enforcement === 'string' ? { default: enforcement, namespaces: {} } : enforcement;
  const own =
    namespace !== undefined && Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : undefined;
  return own ?? profile.enforcement ?? general;
}

function profileOf(compiled: Compiled, review: Review): Profile {
  const profile = compiled.profiles.get(review.profile);
  if (profile === undefined) throw new RangeError(`there is no profile ${review.profile}`);
  return profile;
}

/**
 * The plan for a review, or the reason why nothing is judged.
 *
 * @throws RangeError where there is no such profile
 */
export function choosePlan(compiled: Compiled, review: Review): Plan | string {
  const profile = profileOf(compiled, review);
  const namespace = namespaceOf(review);
  const { object, operation, subresource, resourceKind, schemas } = review;
  if (namespace !== undefined && compiled.exemptNamespaces.has(namespace)) {
    return `namespace ${namespace} is exempt`;
  }
  if (subresource === 'status') return 'status is written by controllers';
  // What is stored has it from the API server; in a new object anybody could write it.
  if ((operation === 'UPDATE' || operation === 'DELETE') && object.metadata?.deletionTimestamp != null)
    return 'the object is being deleted';
  const [kind, apiVersion] = [text(object.kind) ?? '', text(object.apiVersion) ?? ''];
  const key = resourceKind === undefined ? kindKey(apiVersion, kind) : keyOfKind(resourceKind);
  const plan = planFor(compiled, profile, key, operation, subresource ?? '', schemas);
  if (plan !== undefined) return plan;
  const reason = `no policy knows ${printable(kind, 63)} of ${printable(apiVersion, 253)}`;
  // A custom kind, or the fields of it at least could be checked.
  return schemas === undefined || !profile.looksAtAny
    ? reason
    : `${reason}: --crds names files or folders with its CustomResourceDefinition`;
}

/** The object as findings name it; a subresource's findings name the object it belongs to. */
export function reference(review: Review): ObjectReference {
  const namespace = namespaceOf(review);
  const { resourceKind, object } = review;
  const own = resourceKind === undefined;
  const shown = (value: unknown): string => printable(text(value) ?? '', 253);
  return {
    apiVersion: own
      ? shown(object.apiVersion)
      : apiVersionIn(resourceKind.group, resourceKind.versions[0] ?? 'v1'),
    kind: own ? shown(object.kind) : resourceKind.kind,
    ...(namespace === undefined ? {} : { namespace: printable(namespace, 63) }),
    name: printable(nameOf(review), 253),
  };
}

const longestPlace = 1000;

function shownInPlace(text: string): string {
  return printable(text, longestPlace);
}

/** Decides what each raw finding leads to. */
function settle(
  compiled: Compiled,
  plan: Plan,
  review: Review,
  reported: ReportedFindings,
  enforcement: 'enforce' | 'observe',
): readonly Finding[] {
  const object = reference(review);
  const exceptions = exceptionsOf(compiled, review, object, plan.kind);
  const lenient = leniencyOf(compiled, plan, review, reported, exceptions);
  const findings = reported.raw.map((finding): Finding => {
    const { entry, message, at } = finding;
    const { id, severity } = entry.policy;
    const decided = actionOf(finding);
    const covering = exceptions(id, at);
    const exception = inForce(covering, review.now);
    const observed = enforcement === 'observe' ? 'observe' : undefined;
    const leniency =
      exception === undefined && decided === 'deny' ? (lenient(finding) ?? observed) : undefined;
    const settled: Mutable<Finding> = {
      policy: id,
      severity,
      action: exception === undefined ? (leniency === undefined ? decided : 'warn') : 'audit',
      ...texts(finding, object),
      object,
      // A key may be a credential, too.
      pointer: jsonPointer(at.map((step) => (typeof step === 'string' ? redact(step) : step))),
      locator: cut(locator(review.object, at, undefined, shownInPlace), longestPlace),
      messageId: message,
      fixable: entry.fixable.has(message),
    };
    const { fingerprint } = compiled;
    const secret = fingerprint === undefined ? undefined : reveal(finding);
    if (fingerprint !== undefined && secret !== undefined) settled.fingerprint = fingerprint(secret);
    if (leniency !== undefined) settled.leniency = leniency;
    if (leniency === 'old-object' && entry.grandfatherUntil !== undefined)
      settled.grandfatherUntil = dateOf(entry.grandfatherUntil - day);
    if (exception !== undefined) settled.exception = exceptionReference(exception);
    else if (covering.length > 0) {
      const last = covering.reduce((a, b) => (b.endsAt > a.endsAt ? b : a));
      settled.ended = exceptionReference(last);
    }
    if (covering.length > 0) settled.coveredBy = covering.map(({ index }) => index);
    return settled;
  });
  findings.sort((a, b) => byPlace(a, b) || Number(b.action === 'deny') - Number(a.action === 'deny'));
  // What holds for the whole pod may be reported with several of its containers, what a document has of credentials twice.
  return findings.filter((finding, index) => {
    const before = findings[index - 1];
    return before === undefined || byPlace(before, finding) !== 0;
  });
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compareTexts(a.locator, b.locator) ||
    compareTexts(a.policy, b.policy) ||
    compareTexts(a.message, b.message)
  );
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function exceptionReference({
  exception: { owner, reason, expires },
}: CompiledException): ExceptionReference {
  return { owner, reason, expires };
}

function texts(
  { entry, message, data, subject }: Reported,
  object: ObjectReference,
): Pick<Finding, 'message' | 'remediation'> {
  const templates = entry.texts.get(message);
  if (templates === undefined) return { message: '', remediation: '' };
  const valueOf = (name: string): unknown => {
    if (data !== undefined && Object.hasOwn(data, name)) return data[name];
    if (name === 'container') return subject === undefined ? undefined : containerName(subject);
    return name === 'kind' ? object.kind : name === 'name' ? object.name || noName : undefined;
  };
  return {
    message: fillTemplate(templates.message, valueOf),
    remediation: fillTemplate(templates.remediation, valueOf),
  };
}
