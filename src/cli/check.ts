import { writeFileSync } from 'node:fs';
import type { Policy } from '#sdk';
import { nearest } from '../engine/nearest.ts';
import { exitCode, fileProblem, UserError } from '../errors.ts';
import { jsonReport } from '../report/json.ts';
import type { Report } from '../report/report.ts';
import { textReport } from '../report/text.ts';
import type { BaselineOptions } from './baseline/use-baseline.ts';
import { paintFor, type Io } from './io.ts';
import { judgeManifests } from './judge-manifests.ts';
import { readRenderedScope, type ScopeOptions } from './scope.ts';

export interface CheckOptions extends ScopeOptions, BaselineOptions {
  readonly output?: readonly string[];
  /** Kustomize folders. */
  readonly kustomize?: readonly string[];
  /** Judge only files that git says have changed since this commit, branch or tag. */
  readonly changedSince?: string;
}

const formats = ['text', 'json'] as const;
type Format = (typeof formats)[number];

/** Judges manifests and prints what it found; returns the exit code. */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<number> {
  const outputs = (options.output ?? ['text']).map(parseOutput);
  const usesBaseline = Object.keys(options).some((name) => /baseline$/i.test(name));
  const baseline = usesBaseline
    ? (await import('./baseline/use-baseline.ts')).openBaseline(options)
    : undefined;
  const { compiled, inputs: found, renderings, crds } = await readRenderedScope(paths, options, policies, io);
  const inputs = baseline?.withoutBaseline(found) ?? found;
  const { profile, namespace, only, changedSince } = options;
  const isLeftOut =
    changedSince === undefined
      ? undefined
      : await (await import('./changed-files.ts')).unchangedSince(changedSince, inputs);
  const judged = withNothingChecked(
    await judgeManifests(compiled, inputs, {
      profile,
      namespace,
      now: io.now(),
      crds,
      renderings,
      chosen: only !== undefined,
      tell: (text) => io.err(text),
      ...(isLeftOut === undefined ? {} : { isLeftOut }),
    }),
  );
  const named = [...paths, ...(options.filename ?? [])];
  const report =
    baseline?.compare(judged, { compiled, inputs, paths: named, profile, isLeftOut }, io) ?? judged;
  for (const { format, file: target } of outputs) {
    const text =
      format === 'json'
        ? jsonReport(report)
        : textReport(report, paintFor({ color: io.color && target === undefined }));
    if (target === undefined) io.out(text);
    else writeReport(target, text);
  }
  return exitCode(
    report.errors,
    report.findings.some(({ action }) => action !== 'audit') ||
      (options.failOnStaleBaseline === true && (report.baseline?.stale ?? []).length > 0),
  );
}

/** Silence is never success: a run that judged nothing says so. */
function withNothingChecked(report: Report): Report {
  const { judged, files, objects, unchanged = 0 } = report.coverage;
  if (judged > 0 || unchanged > 0 || report.errors.length > 0) return report;
  const message = `nothing was checked: ${objects} object${objects === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}, none that a policy looks at`;
  return { ...report, errors: [{ code: 'nothing-checked', message }] };
}

function parseOutput(text: string): { readonly format: Format; readonly file: string | undefined } {
  const [name = '', ...rest] = text.split('=');
  const format = formats.find((known) => known === name);
  if (format === undefined) {
    throw new UserError(
      'usage',
      `there is no output format ${name}${nearest(name, formats)} (known: ${formats.join(', ')})`,
    );
  }
  const file = rest.length === 0 ? undefined : rest.join('=');
  if (file === '')
    throw new UserError(
      'usage',
      `--output ${text}: write ${name}=FILE, or ${name} alone for standard output`,
    );
  return { format, file };
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError('unreadable', `cannot write the report to ${file}: ${fileProblem(error)}`, file);
  }
}
