import type { Policy } from '#sdk';
import type { Compiled, Plan } from '../engine/compile.ts';
import { suggestEdits } from '../engine/fix.ts';
import { choosePlan, judge, reference } from '../engine/judge.ts';
import { jsonPointer } from '../engine/locate.ts';
import type { Finding, Review, Skip } from '../engine/review.ts';
import { messageOf } from '../errors.ts';
import type { JudgedObject, LocatedFinding, Report, ReportError } from '../report/report.ts';
import type { Inputs } from './inputs.ts';
import { readItems, type Item, type ReadOptions } from './manifest-items.ts';
import { suggestionText } from './suggestion.ts';

export interface JudgeManifestsOptions extends ReadOptions {
  /** Policies were chosen by hand: then objects none of them looks at are no gap. */
  readonly chosen: boolean;
}

/** Reads and judges all inputs. */
export async function judgeManifests(
  compiled: Compiled,
  inputs: Inputs,
  options: JudgeManifestsOptions,
): Promise<Report> {
  const read = await readItems(compiled, inputs, options);
  const errors: ReportError[] = [...read.errors];
  const skipped: Skip[] = [...read.skipped];
  const findings: LocatedFinding[] = [];
  const judged: JudgedObject[] = [];
  for (const item of read.items) {
    const { review } = item;
    try {
      const outcome = judgeItem(compiled, item, options.chosen);
      findings.push(...outcome.findings);
      errors.push(...outcome.errors);
      skipped.push(...outcome.skipped);
      if (outcome.judged) judged.push({ file: item.file, object: reference(review) });
    } catch (error) {
      const { kind, name } = reference(review);
      errors.push({
        code: 'internal',
        message: `${kind} ${name} could not be judged: ${messageOf(error)}`,
        file: item.file,
      });
    }
  }
  return {
    findings: findings.sort(byPlace),
    errors: errors.sort(
      (a, b) =>
        compare(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || compare(a.message, b.message),
    ),
    skipped: skipped.sort((a, b) => compare(skipKey(a), skipKey(b))),
    coverage: { files: inputs.files.length, objects: read.items.length, judged: judged.length },
    judged,
    policies: policiesOf(compiled, new Set(read.items.map(({ review }) => review.profile))),
  };
}

/** The policies of these profiles, by id. */
function policiesOf({ profiles }: Compiled, names: ReadonlySet<string>): readonly Policy[] {
  const entries = [...names].flatMap((name) => profiles.get(name)?.entries ?? []);
  const policies = new Map(entries.map(({ policy }) => [policy.id, policy]));
  return [...policies.values()].sort((a, b) => compare(a.id, b.id));
}

interface Outcome {
  readonly findings: readonly LocatedFinding[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly Skip[];
  readonly judged: boolean;
}

function judgeItem(
  compiled: Compiled,
  { file, manifest, review, excerpt: excerptOf }: Item,
  chosen: boolean,
): Outcome {
  const verdict = judge(compiled, review, { enforcement: 'enforce' });
  const profile = compiled.profiles.get(review.profile);
  const plan = profile === undefined ? '' : choosePlan(compiled, profile, review, review.namespace);
  const object = reference(review);
  // Chosen by hand, or read as a fact about another object: then it is no gap that nothing looks at the object itself.
  const isFact = profile?.entries.some(({ policy: { facts = [], optionalFacts = [] } }) =>
    [...facts, ...optionalFacts].some((kind) => kind === object.kind),
  );
  const idle = typeof plan !== 'string' && plan.empty && !chosen && isFact !== true;
  const suggested = suggestions(compiled, review, verdict.findings);
  const isUnread = typeof plan !== 'string' && !plan.empty && isWithoutSchema(plan, verdict.skipped);
  return {
    findings: verdict.findings.map((finding) => {
      const { line, column } = manifest.locate(pathOf(finding.pointer, manifest.object));
      const { document, item } = manifest;
      const suggestion = suggested.get(`${finding.policy} ${finding.pointer}`);
      return {
        ...finding,
        file,
        line,
        column,
        document,
        excerpt: excerptOf(line),
        ...(item === undefined ? {} : { item }),
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    }),
    errors: verdict.errors.map(({ policy, message }) => ({
      code: 'policy-failed',
      message: `${policy} ${message} on ${object.kind} ${object.name}`,
      file,
      policy,
    })),
    skipped: idle
      ? [
          ...verdict.skipped,
          { object, reason: `no policy of profile ${review.profile} looks at ${object.kind}` },
        ]
      : verdict.skipped,
    judged: typeof plan !== 'string' && !idle && !isUnread,
  };
}

/** What policies suggest, by policy and pointer of the finding. */
function suggestions(
  compiled: Compiled,
  review: Review,
  findings: readonly Finding[],
): ReadonlyMap<string, string> {
  if (!findings.some(({ fixable }) => fixable)) return new Map();
  return new Map(
    suggestEdits(compiled, review).map(({ policy, at, patch }) => [
      `${policy} ${jsonPointer(at)}`,
      suggestionText(review.object, patch),
    ]),
  );
}

/** Whether all that looks at an object is a policy that has no schema to check it by. */
function isWithoutSchema(
  { object, podSpec, relation, request, kind }: Plan,
  skipped: readonly Skip[],
): boolean {
  if (kind.template !== undefined || podSpec.length + relation.length + request.length > 0) return false;
  return object.every(({ policy }) => skipped.some((skip) => skip.policy === policy.id));
}

/** The steps of a JSON Pointer; digits are an index where the object has a list. */
function pathOf(pointer: string, root: unknown): readonly (string | number)[] {
  let value: unknown = root;
  return pointer
    .split('/')
    .slice(1)
    .map((text) => {
      const key = text.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
      return step;
    });
}

function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  return (
    compare(a.file, b.file) ||
    a.document - b.document ||
    (a.item ?? 0) - (b.item ?? 0) ||
    a.line - b.line ||
    a.column - b.column ||
    compare(a.locator, b.locator) ||
    compare(a.policy, b.policy)
  );
}

function skipKey({ file, object, policy, reason }: Skip): string {
  return [
    policy ?? '',
    reason,
    file ?? '',
    object?.kind ?? '',
    object?.namespace ?? '',
    object?.name ?? '',
  ].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
