import type { Policy } from '#sdk';
import { exitCode } from '../errors.ts';
import type { Report } from '../report/report.ts';
import type { Io } from './io.ts';
import { judgeManifests } from './judge-manifests.ts';
import { parseOutputs, writeReport } from './output.ts';
import { readScope, type ScopeOptions } from './scope.ts';

export interface CheckOptions extends ScopeOptions {
  readonly output?: readonly string[];
}

/** Judges manifests and prints what it found; returns the exit code. */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<number> {
  const outputs = parseOutputs(options.output ?? ['text']);
  const { compiled, inputs, crds } = await readScope(paths, options, policies, io);
  const { profile, namespace, only } = options;
  const report = withNothingChecked(
    await judgeManifests(compiled, inputs, {
      profile,
      namespace,
      now: io.now(),
      crds,
      chosen: only !== undefined,
    }),
  );
  writeReport(report, outputs, io);
  return exitCode(
    report.errors,
    report.findings.some(({ action }) => action !== 'audit'),
  );
}

/** Silence is never success: a run that judged nothing says so. */
function withNothingChecked(report: Report): Report {
  const { judged, files, objects } = report.coverage;
  if (judged > 0 || report.errors.length > 0) return report;
  const message = `nothing was checked: ${objects} object${objects === 1 ? '' : 's'} in ${files} file${files === 1 ? '' : 's'}, none that a policy looks at`;
  return { ...report, errors: [{ code: 'nothing-checked', message }] };
}
