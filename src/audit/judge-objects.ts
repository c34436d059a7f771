import {
  isMadeByWorkload,
  property,
  rememberOf,
  type Facts,
  type KindInfo,
  type KubernetesObject,
} from '#sdk';
import { compareReferences, compareTexts } from '../engine/order.ts';
import { withinLimit } from '../config/time-limit.ts';
import type { Compiled, Profile } from '../engine/compiled.ts';
import { answersOf } from '../engine/answers.ts';
import { needsUser } from '../engine/evaluate.ts';
import { judge, reference } from '../engine/judge.ts';
import { describeFault } from '../engine/policy-fault.ts';
import type { ObjectReference, Review, Skip, Verdict } from '../engine/review.ts';
import type { AuditFinding, AuditObject, AuditReport, AuditSkip } from '../report/audit/audit-report.ts';
import type { ReportError } from '../report/report.ts';
import { auditFinding, collectFindings, sharedStrings } from './collect-findings.ts';
import { collectPasses } from './collect-passes.ts';
import { describeObject, ownerLabels, type OwnerLabels } from './describe-object.ts';
import { collectPatches } from './collect-patches.ts';
import type { Namespaces } from './namespaces.ts';
import type { Owners, Top } from './owners.ts';
import { markOf, type Earlier } from './since.ts';
import { writtenVersionOf } from './written-version.ts';

/** What was learned from all objects that were taken. */
interface Judged extends Pick<AuditReport, 'patches'> {
  readonly findings: readonly AuditFinding[];
  readonly objects: readonly AuditObject[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly AuditSkip[];
  readonly judged: number;
  readonly unchanged: number;
  readonly marks: readonly string[];
}

/** Takes one object after the other, owners before what they own; keeps what is to be said and forgets the rest. */
interface ObjectJudge {
  take(object: KubernetesObject, kind: KindInfo): void;
  done(): Judged;
}

interface ObjectJudgeOptions {
  readonly compiled: Compiled;
  readonly facts: Facts;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly namespaces: Namespaces;
  readonly owners: Owners;
  readonly earlier: Earlier | undefined;
  /** Whether objects say which policies they pass. */
  readonly passes: boolean;
  /** Whether to tell what admission would patch. */
  readonly patches: boolean;
}

/** What needs to know who asks is for admission alone: that is no gap of an audit. */
function isGap({ reason }: Skip): boolean {
  return reason !== needsUser;
}

export function judgeObjects(options: ObjectJudgeOptions): ObjectJudge {
  const { compiled, facts, now, namespaces, owners, earlier } = options;
  const passes = options.passes ? collectPasses() : undefined;
  const patches = options.patches ? collectPatches(compiled) : undefined;
  const collector = collectFindings(compiled.exceptions);
  const objects: AuditObject[] = [];
  const errors = new Map<string, ReportError & { readonly of: ObjectReference; count: number }>();
  const skipped = new Map<string, { policy?: string; reason: string; objects: number }>();
  const marks: string[] = [];
  const changed = new Set<string>();
  const shared = sharedStrings();
  const labelsOf = rememberOf((profile: Profile): OwnerLabels => ownerLabels(profile.entries));
  const entriesOf = rememberOf(
    ({ entries }: Profile) => new Map(entries.map((entry) => [entry.policy.id, entry])),
  );
  let [judged, unchanged] = [0, 0];

  function take(object: KubernetesObject, kind: KindInfo): void {
    const namespace = namespaces.of(object);
    const { profile } = namespace;
    const review: Review = {
      operation: 'CREATE',
      object,
      namespace: namespace.name,
      profile,
      now,
      facts,
      writtenVersion: writtenVersionOf(object),
    };
    const ref = reference(review);
    const top = kind.template === undefined ? undefined : owners.topOf(object);
    // Most objects are pods that something made: those own nothing.
    if (kind.template !== undefined && (kind.template.length > 0 || top === undefined))
      owners.add(object, ref, top);
    if (object.metadata?.deletionTimestamp != null || isEmptied(object, kind)) return;
    namespaces.count(namespace);
    const mark = markOf(object, namespace, top);
    const uid = String(object.metadata?.uid);
    // Unchanged objects too: what was said of them before may be a report without patches.
    if (patches !== undefined) attempt(ref, () => patches.take(review, { ref, kind, uid, top }));
    const isOwnerChanged = top !== undefined && (changed.has(top.uid) || changed.has(top.maker));
    if (earlier?.has(mark) === true && !isOwnerChanged) {
      unchanged++;
      marks.push(mark);
      if (top !== undefined)
        collector.addMade(top, ref, { uid, kind, findings: earlier.madeFindings(top.object, ref) });
      else {
        collector.addOwn(uid, kind, earlier.ownFindings(ref));
        const known = earlier.describe(ref);
        if (known !== undefined) objects.push(known);
      }
      return;
    }
    changed.add(uid);
    judged++;
    const verdict = verdictOf(review, ref, top);
    if (verdict === undefined) return;
    // What could not be judged whole is judged again next time, or its errors and gaps would be forgotten.
    if (verdict.errors.length === 0 && !verdict.skipped.some(isGap)) marks.push(mark);
    keep(verdict, { review, ref, kind, uid, top });
  }

  function verdictOf(review: Review, ref: ObjectReference, top: Top | undefined): Verdict | undefined {
    const verdict = attempt(ref, () => judge(compiled, review, { enforcement: 'enforce' }));
    if (verdict === undefined && top !== undefined) passes?.addMade(top.uid, [], undefined);
    return verdict;
  }

  /** Never throws: what cannot be judged is an error that hides nobody else's findings. */
  function attempt<T>(ref: ObjectReference, run: () => T): T | undefined {
    try {
      return withinLimit(run);
    } catch (error) {
      note(ref, { code: 'internal', message: describeFault(error) });
      return undefined;
    }
  }

  /** One fault shows on thousands of objects: it is told once, with an example. */
  function note(of: ObjectReference, error: ReportError): void {
    const key = `${error.policy ?? ''} ${error.message}`;
    const known = errors.get(key);
    if (known === undefined) errors.set(key, { ...error, of, count: 1 });
    else known.count++;
  }

  function keep(
    { findings, errors: faults, skipped: skips }: Verdict,
    about: {
      readonly review: Review;
      readonly ref: ObjectReference;
      readonly kind: KindInfo;
      readonly uid: string;
      readonly top: Top | undefined;
    },
  ): void {
    const { review, ref, kind, uid, top } = about;
    const profile = compiled.profiles.get(review.profile);
    const entries = profile === undefined ? undefined : entriesOf(profile);
    const kept = findings.map((finding) => auditFinding(finding, entries?.get(finding.policy), shared));
    if (top === undefined) collector.addOwn(uid, kind, kept);
    else collector.addMade(top, ref, { uid, kind, findings: kept });
    for (const { policy, message } of faults) note(ref, { code: 'policy-failed', message, policy });
    const gaps = skips.filter(isGap);
    const answers =
      passes === undefined
        ? undefined
        : answersOf(compiled, review, { findings, errors: faults, skipped: gaps });
    if (top !== undefined && answers !== undefined)
      passes?.addMade(
        top.uid,
        findings.map(({ policy }) => policy),
        answers,
      );
    for (const { policy, reason } of gaps) {
      const key = `${policy ?? ''} ${reason}`;
      const known = skipped.get(key) ?? { ...(policy === undefined ? {} : { policy }), reason, objects: 0 };
      known.objects++;
      skipped.set(key, known);
    }
    if (top !== undefined || profile === undefined) return;
    const described = describeObject(review.object, kind, {
      reference: ref,
      profile: review.profile,
      asks: namespaces.of(review.object).asks,
      labels: labelsOf(profile),
      inherited: namespaces.of(review.object).labels,
      skipped: gaps.flatMap(({ policy }) => policy ?? []),
    });
    objects.push(described);
    if (answers !== undefined) passes?.addOwn(described, uid, answers);
  }

  return {
    take,
    done: () => ({
      findings: collector.all(),
      ...(patches === undefined ? {} : { patches: patches.all(namespaces.profiles()) }),
      objects: (passes === undefined ? objects : objects.map((one) => passes.complete(one))).sort(
        compareReferences,
      ),
      errors: [...errors.values()].map(({ of: { kind, namespace, name }, count, ...error }) => ({
        ...error,
        message: `${error.policy === undefined ? '' : `${error.policy} `}${error.message} on ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}${count === 1 ? '' : ` and ${count - 1} more`}`,
      })),
      skipped: [...skipped.values()].sort(
        (a, b) => compareTexts(a.policy ?? '', b.policy ?? '') || compareTexts(a.reason, b.reason),
      ),
      judged,
      unchanged,
      marks: marks.sort(),
    }),
  };
}

/** A Deployment keeps its old ReplicaSets to be rolled back to: they run nothing. */
function isEmptied(object: KubernetesObject, { kind }: KindInfo): boolean {
  return (
    kind === 'ReplicaSet' && property(property(object, 'spec'), 'replicas') === 0 && isMadeByWorkload(object)
  );
}
