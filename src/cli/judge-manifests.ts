import { compareTexts } from '../engine/order.ts';
import type { Compiled } from '../engine/compiled.ts';
import { controlsOf } from '../engine/controls.ts';
import { oneLine } from '../report/one-line.ts';
import type {
  LocatedFinding,
  LocatedSkip,
  RenderingCoverage,
  Report,
  ReportPolicy,
} from '../report/report.ts';
import type { Inputs } from './inputs.ts';
import { judgeItem } from './judge-item.ts';
import type { Judged, JudgeManifestsOptions } from './judged.ts';
import { readItems } from './manifest-items.ts';
import type { ReadRendering } from './rendered/read-renderings.ts';

/** Reads, renders and judges all inputs. */
export async function judgeManifests(
  compiled: Compiled,
  inputs: Inputs,
  options: JudgeManifestsOptions,
): Promise<Report> {
  const { isLeftOut, passes = false, threads } = options;
  const all = await (threads === undefined
    ? judgeHere(compiled, inputs, options)
    : (await import('./threads/judge-in-threads.ts')).judgeInThreads(compiled, inputs, options, threads));
  for (const { rendering, renderer, complaints } of all.renderings) {
    if (renderer !== undefined && complaints !== '')
      options.tell?.(`${oneLine(`${rendering.label}: ${renderer}: ${complaints}`)}\n`);
  }
  const { outcomes } = all;
  const errors = [...all.errors, ...outcomes.flatMap((outcome) => outcome.errors)];
  const skipped = [...all.skipped, ...outcomes.flatMap((outcome) => outcome.skipped)];
  const judged = outcomes.flatMap((outcome) => outcome.judged ?? []);
  const awaiting = judged.filter(({ awaitsSidecar }) => awaitsSidecar).length;
  const judgedIn = Map.groupBy(judged, ({ render }) => render);
  return {
    findings: outcomes.flatMap(({ findings }) => findings).sort(byPlace),
    errors: errors.sort(
      (a, b) =>
        compareTexts(a.file ?? '', b.file ?? '') ||
        compareTexts(a.render ?? '', b.render ?? '') ||
        (a.line ?? 0) - (b.line ?? 0) ||
        compareTexts(a.message, b.message),
    ),
    skipped: skipped.sort((a, b) => compareTexts(skipKey(a), skipKey(b))),
    coverage: {
      files: inputs.files.length,
      objects: all.objects,
      judged: judged.length,
      ...(isLeftOut === undefined
        ? {}
        : { unchanged: inputs.files.filter(({ file }) => isLeftOut(file)).length }),
      ...(awaiting === 0 ? {} : { beforeInjection: awaiting }),
    },
    ...(all.renderings.length === 0
      ? {}
      : {
          renderings: all.renderings
            .map((one) => coverageOf(one, judgedIn.get(one.rendering.label)?.length ?? 0))
            .sort(byLabel),
        }),
    judged,
    policies: policiesOf(compiled, all, passes),
    ...(passes ? { hasPasses: true } : {}),
  };
}

async function judgeHere(
  compiled: Compiled,
  inputs: Inputs,
  options: JudgeManifestsOptions,
): Promise<Judged> {
  const { items, ...read } = await readItems(compiled, inputs, options);
  const { isLeftOut, step } = options;
  // What is rendered follows from more files than its own.
  const asked = items.filter(({ file, rendering }) => rendering !== undefined || isLeftOut?.(file) !== true);
  const outcomes = asked.map((item, index) => {
    step?.('judging object', index + 1, asked.length);
    return judgeItem(item, options);
  });
  return { ...read, outcomes, objects: items.length };
}

/** The policies of all profiles that were used, by id. */
function policiesOf(
  compiled: Compiled,
  { outcomes, renderings }: Judged,
  withControls: boolean,
): readonly ReportPolicy[] {
  const compiledFor = new Map(renderings.map(({ rendering }) => [rendering.label, rendering.compiled]));
  const profiles = new Set(
    outcomes.flatMap(
      ({ render, profile }) => (compiledFor.get(render ?? '') ?? compiled).profiles.get(profile) ?? [],
    ),
  );
  const entries = [...profiles].flatMap((profile) => profile.entries);
  const policies = new Map(entries.map(({ policy }) => [policy.id, policy]));
  return [...policies.values()]
    .sort((a, b) => compareTexts(a.id, b.id))
    .map(({ controls = [], ...policy }) => {
      const met = withControls ? controlsOf({ ...policy, controls }, profiles) : [];
      return met.length === 0 ? policy : { ...policy, controls: met };
    });
}

function coverageOf({ rendering, renderer, sources }: ReadRendering, judged: number): RenderingCoverage {
  const { label, path, tool, namespace, compiled } = rendering;
  return {
    label,
    path,
    ...(renderer === undefined ? {} : { renderer }),
    kubernetes: compiled.settings.kubernetes,
    ...(tool === 'helm' ? { release: rendering.release } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    objects: sources.length,
    judged,
  };
}

function byLabel(a: RenderingCoverage, b: RenderingCoverage): number {
  return compareTexts(a.label, b.label);
}

function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  return (
    compareTexts(a.file, b.file) ||
    compareTexts(a.render ?? '', b.render ?? '') ||
    a.document - b.document ||
    (a.item ?? 0) - (b.item ?? 0) ||
    a.line - b.line ||
    a.column - b.column ||
    compareTexts(a.locator, b.locator) ||
    compareTexts(a.policy, b.policy)
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
