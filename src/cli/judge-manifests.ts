import type { Policy } from '#sdk';
import { withinLimit } from '../config/time-limit.ts';
import type { Compiled, Plan } from '../engine/compile.ts';
import { describeFault } from '../engine/policy-fault.ts';
import { suggestEdits } from '../engine/fix.ts';
import { choosePlan, judge, reference } from '../engine/judge.ts';
import { jsonPointer } from '../engine/locate.ts';
import type { Finding, Review } from '../engine/review.ts';
import type {
  JudgedObject,
  LocatedFinding,
  LocatedSkip,
  RenderingCoverage,
  Report,
  ReportError,
} from '../report/report.ts';
import type { Inputs } from './inputs.ts';
import { readItems, type Item, type ReadOptions } from './manifest-items.ts';
import type { ReadRendering } from './rendered/read-renderings.ts';
import type { Rendering } from './rendered/rendering.ts';
import { suggestionText } from './suggestion.ts';

export interface JudgeManifestsOptions extends ReadOptions {
  /** Policies were chosen by hand: then objects none of them looks at are no gap. */
  readonly chosen: boolean;
  /** Takes what renderers complain about while they render all the same. */
  readonly tell?: (text: string) => void;
  /** Files that are facts for the others and are not judged themselves. */
  readonly isLeftOut?: (file: string) => boolean;
}

/** Reads, renders and judges all inputs. */
export async function judgeManifests(
  compiled: Compiled,
  inputs: Inputs,
  options: JudgeManifestsOptions,
): Promise<Report> {
  const read = await readItems(compiled, inputs, options);
  for (const { rendering, renderer, complaints } of read.renderings) {
    if (renderer !== undefined && complaints !== '')
      options.tell?.(`${rendering.label}: ${renderer}: ${complaints}\n`);
  }
  const errors: ReportError[] = [...read.errors];
  const skipped: LocatedSkip[] = [...read.skipped];
  const findings: LocatedFinding[] = [];
  const judged: JudgedObject[] = [];
  const judgedIn = new Map<Rendering, number>();
  const { isLeftOut } = options;
  // What is rendered follows from more files than its own.
  const items = read.items.filter(
    ({ file, rendering }) => rendering !== undefined || isLeftOut?.(file) !== true,
  );
  for (const item of items) {
    const { file, review } = item;
    try {
      const outcome = withinLimit(() => judgeItem(item, options.chosen));
      findings.push(...outcome.findings);
      errors.push(...outcome.errors);
      skipped.push(...outcome.skipped);
      if (!outcome.judged) continue;
      const silent = outcome.skipped.flatMap(({ policy }) => policy ?? []);
      const object = reference(review);
      judged.push({ file, ...renderLabel(item), object, profile: review.profile, skipped: silent });
      if (item.rendering !== undefined) judgedIn.set(item.rendering, (judgedIn.get(item.rendering) ?? 0) + 1);
    } catch (error) {
      const { kind, name } = reference(review);
      errors.push({
        code: 'internal',
        message: `${kind} ${name} could not be judged: it ${describeFault(error)}`,
        file,
        ...renderLabel(item),
      });
    }
  }
  return {
    findings: findings.sort(byPlace),
    errors: errors.sort(
      (a, b) =>
        compare(a.file ?? '', b.file ?? '') ||
        compare(a.render ?? '', b.render ?? '') ||
        (a.line ?? 0) - (b.line ?? 0) ||
        compare(a.message, b.message),
    ),
    skipped: skipped.sort((a, b) => compare(skipKey(a), skipKey(b))),
    coverage: {
      files: inputs.files.length,
      objects: read.items.length,
      judged: judged.length,
      ...(isLeftOut === undefined
        ? {}
        : { unchanged: inputs.files.filter(({ file }) => isLeftOut(file)).length }),
    },
    ...(read.renderings.length === 0
      ? {}
      : { renderings: read.renderings.map((one) => coverageOf(one, judgedIn)).sort(byLabel) }),
    judged,
    policies: policiesOf(items),
  };
}

/** The policies of all profiles that were used, by id. */
function policiesOf(items: readonly Item[]): readonly Policy[] {
  const profiles = new Set(items.map(({ compiled, review }) => compiled.profiles.get(review.profile)));
  const entries = [...profiles].flatMap((profile) => profile?.entries ?? []);
  const policies = new Map(entries.map(({ policy }) => [policy.id, policy]));
  return [...policies.values()].sort((a, b) => compare(a.id, b.id));
}

function coverageOf(
  { rendering, renderer, sources }: ReadRendering,
  judged: ReadonlyMap<Rendering, number>,
): RenderingCoverage {
  const { label, path, tool, namespace, compiled } = rendering;
  return {
    label,
    path,
    ...(renderer === undefined ? {} : { renderer }),
    kubernetes: compiled.settings.kubernetes,
    ...(tool === 'helm' ? { release: rendering.release } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    objects: sources.length,
    judged: judged.get(rendering) ?? 0,
  };
}

function byLabel(a: RenderingCoverage, b: RenderingCoverage): number {
  return compare(a.label, b.label);
}

function renderLabel({ rendering }: Item): { readonly render?: string } {
  return rendering === undefined ? {} : { render: rendering.label };
}

interface Outcome {
  readonly findings: readonly LocatedFinding[];
  readonly errors: readonly ReportError[];
  readonly skipped: readonly LocatedSkip[];
  readonly judged: boolean;
}

function judgeItem(item: Item, chosen: boolean): Outcome {
  const { compiled, file, manifest, review } = item;
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
      const { document, item: index } = manifest;
      const suggestion = suggested.get(`${finding.policy} ${finding.pointer}`);
      return {
        ...finding,
        ...item.place(pathOf(finding.pointer, manifest.object)),
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
      ...(idle ? [{ object, reason: `no policy of profile ${review.profile} looks at ${object.kind}` }] : []),
    ].map((skip) => ({ ...skip, ...renderLabel(item) })),
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
    suggestEdits(compiled, review).map(({ policy, at, object }) => [
      `${policy} ${jsonPointer(at)}`,
      suggestionText({ ...review.object }, { ...object }),
    ]),
  );
}

/** Whether all that looks at an object is a policy that has no schema to check it by. */
function isWithoutSchema(
  { object, podSpec, relation, request, kind }: Plan,
  skipped: readonly LocatedSkip[],
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
    compare(a.render ?? '', b.render ?? '') ||
    a.document - b.document ||
    (a.item ?? 0) - (b.item ?? 0) ||
    a.line - b.line ||
    a.column - b.column ||
    compare(a.locator, b.locator) ||
    compare(a.policy, b.policy)
  );
}

function skipKey({ file, object, policy, reason, render }: LocatedSkip): string {
  return [
    policy ?? '',
    reason,
    file ?? '',
    object?.kind ?? '',
    object?.namespace ?? '',
    object?.name ?? '',
    render ?? '',
  ].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
