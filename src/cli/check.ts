import type { Policy } from '#sdk';
import { defaultSettingsFile } from '../config/default-file.ts';
import type { Compiled } from '../engine/compiled.ts';
import { exitCode } from '../errors.ts';
import { withDoubtfulRelations } from '../report/doubtful-relations.ts';
import { formats, formatsWithLines } from '../report/format-names.ts';
import { renderReport } from '../report/formats.ts';
import type { Report } from '../report/report.ts';
import { failsAsStale } from '../report/stale-lines.ts';
import { count } from '../report/words.ts';
import type { BaselineOptions } from './baseline/use-baseline.ts';
import { parseFailOn, reasonOfExit } from './fail-on.ts';
import { includesPasses } from './include.ts';
import type { Io } from './io.ts';
import { notChosen } from './judge-item.ts';
import { judgeManifests } from './judge-manifests.ts';
import { parseOutputs, writeOutputs } from './output.ts';
import { startProgress } from './progress.ts';
import { readRenderedScope, type ScopeOptions } from './scope.ts';
import { chooseThreads, type StartThread } from './threads/threads.ts';

export interface CheckOptions extends ScopeOptions, BaselineOptions {
  readonly output?: readonly string[];
  /** Kustomize folders. */
  readonly kustomize?: readonly string[];
  /** Judge only files that git says have changed since this commit, branch or tag. */
  readonly changedSince?: string;
  /** Which findings give exit code 1: actions and severities. */
  readonly failOn?: readonly string[];
  /** Of the text on standard output, leaves out what does not fail the run. */
  readonly quiet?: boolean;
  /** What is shown beside findings. */
  readonly include?: readonly string[];
  /** How many threads read and judge; as many as pay where it is not given. */
  readonly threads?: string;
}

/**
 * Judges manifests and prints what it found; returns the exit code.
 *
 * @param startThread absent where the policies cannot run in other threads
 */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  policies: readonly Policy[],
  io: Io,
  startThread?: StartThread,
): Promise<number> {
  const { baseline: file, writeBaseline, failOnStaleBaseline } = options;
  const named = [...paths, ...(options.filename ?? [])];
  const outputs = parseOutputs(options.output ?? ['text'], formats, [
    ...named,
    ...(options.crds ?? []),
    options.settings ?? defaultSettingsFile,
    file,
    writeBaseline,
  ]);
  const passes = includesPasses(options.include);
  const fails = parseFailOn(options.failOn);
  const quiet = options.quiet === true;
  const progress = startProgress(io, quiet);
  const tell = (text: string): void => {
    progress.clear();
    if (!quiet) io.err(text);
  };
  const usesBaseline = file !== undefined || writeBaseline !== undefined || failOnStaleBaseline === true;
  const baseline = usesBaseline
    ? (await import('./baseline/use-baseline.ts')).openBaseline(options)
    : undefined;
  const scope = await readRenderedScope(paths, options, policies, io);
  const { compiled, inputs: found, renderings, crds } = scope;
  const inputs = baseline?.withoutBaseline(found) ?? found;
  const { profile, namespace, only, changedSince } = options;
  const isLeftOut =
    changedSince === undefined
      ? undefined
      : await (await import('./changed-files.ts')).unchangedSince(changedSince, inputs);
  const judged = withNothingChecked(
    compiled,
    await judgeManifests(compiled, inputs, {
      profile,
      namespace,
      now: io.now(),
      crds,
      renderings,
      chosen: only !== undefined,
      passes,
      excerpts: outputs.some(({ format }) => formatsWithLines.has(format)),
      threads: chooseThreads(options.threads, inputs, scope.compiledWith, startThread),
      step: progress.step,
      tell,
      ...(isLeftOut === undefined ? {} : { isLeftOut }),
    }),
  );
  const report =
    baseline?.compare(judged, { compiled, inputs, paths: named, profile, isLeftOut }, io) ?? judged;
  progress.end();
  writeOutputs(
    outputs,
    ({ format, file }, context) =>
      quiet && format === 'text' && file === undefined
        ? renderReport(format, withDoubtfulRelations({ ...report, skipped: [] }, fails), {
            ...context,
            shows: fails,
          })
        : renderReport(format, withDoubtfulRelations(report), context),
    io,
  );
  const reason = reasonOfExit(report, fails, options);
  if (reason !== '') io.err(reason);
  return exitCode(report.errors, report.findings.some(fails) || failsAsStale(report));
}

/** Silence is never success: a run that judged nothing says so. */
function withNothingChecked(compiled: Compiled, report: Report): Report {
  const { coverage, skipped } = report;
  const { judged, files, objects, unchanged = 0 } = coverage;
  if (judged > 0 || unchanged > 0 || report.errors.length > 0 || isPassedOver(compiled, report))
    return report;
  const [reason, ...others] = new Set(skipped.map((skip) => skip.reason));
  const why = reason === undefined ? '' : `: ${reason}`;
  const more = others.length === 0 ? '' : `, and ${count(others.length, 'more reason')}`;
  const message = `nothing was checked: ${count(objects, 'object')} in ${count(files, 'file')}${why}${more}`;
  return { ...report, errors: [{ code: 'nothing-checked', message }] };
}

/** Whether policies were chosen by hand that look at other kinds of manifests: as a linter with one rule, that is no mistake. */
function isPassedOver({ profiles }: Compiled, { skipped }: Report): boolean {
  const entries = [...profiles.values()].flatMap((profile) => profile.entries);
  return (
    skipped.some(({ reason }) => reason.startsWith(notChosen)) &&
    entries.some(({ policy }) => policy.target !== 'request')
  );
}
