import { parseFailOn, reasonOfExit } from '../cli/fail-on.ts';
import { includesPasses } from '../cli/include.ts';
import { paintFor, type Io } from '../cli/io.ts';
import { parseOutputs, writeOutputs } from '../cli/output.ts';
import { startProgress } from '../cli/progress.ts';
import { openCluster } from '../cluster/open-cluster.ts';
import type { ReadLibrary } from '../config/reread-library.ts';
import { defaultSettingsFile } from '../config/default-file.ts';
import { readSettings } from '../config/settings-file.ts';
import { exitCode, UserError } from '../errors.ts';
import { auditBrief } from '../report/audit/brief.ts';
import { auditFormats } from '../report/audit/format-names.ts';
import { renderAudit } from '../report/audit/formats.ts';
import { trendOf } from '../report/audit/trend-point.ts';
import { count } from '../report/words.ts';
import { auditCluster } from './audit-cluster.ts';
import { paceOf } from './pace.ts';
import { prepareAudit, type AuditScope } from './prepare-audit.ts';
import { readAuditReport } from './read-report.ts';
import { writePolicyReports } from './write-policy-reports.ts';

/** What `daygate audit` takes on its command line. */
export interface AuditCommandOptions extends AuditScope {
  readonly output?: readonly string[];
  readonly failOn?: readonly string[];
  readonly quiet?: boolean;
  /** A report of the same cluster: what has not changed since is not judged again. */
  readonly since?: string;
  /** Earlier reports. */
  readonly trend?: readonly string[];
}

/** `daygate audit`: judges what a cluster runs; returns the exit code. */
export async function audit(options: AuditCommandOptions, library: ReadLibrary, io: Io): Promise<number> {
  const outputs = parseOutputs(options.output ?? ['text'], auditFormats, [
    options.settings ?? defaultSettingsFile,
    options.kubeconfig,
  ]);
  const fails = parseFailOn(options.failOn);
  if (includesPasses(options.include) && options.since !== undefined)
    throw new UserError(
      'usage',
      '--include pass judges every object: leave out --since, which takes over what was said of the others',
    );
  const cluster = openCluster({ ...options, timeoutSeconds: 60 });
  const judges = { ...library, file: await readSettings(options.settings) };
  const prepared = prepareAudit(options, cluster, judges, io.now());
  const progress = startProgress(io, options.quiet === true);
  const since = options.since === undefined ? undefined : readAuditReport(options.since);
  const trend = trendOf((options.trend ?? []).map(readAuditReport));
  const { report, calls, notSince } = await auditCluster({ ...prepared, since, trend, step: progress.step });
  progress.end();
  writeOutputs(outputs, ({ format }, context) => renderAudit(format, report, context), io);
  const tell = (line: string): void => {
    if (options.quiet !== true) io.err(`${line}\n`);
  };
  // Who has the text before them has read it.
  if (!outputs.some(({ format, file }) => format === 'text' && file === undefined))
    for (const line of auditBrief(report, paintFor(io))) tell(line);
  const { judged, unchanged = 0 } = report.coverage;
  if (notSince !== undefined)
    tell(`daygate: ${options.since ?? ''} is of no use, so everything was judged: ${notSince}`);
  else if (since !== undefined) tell(`${judged} objects judged, ${unchanged} unchanged`);
  tell(`${calls} calls to ${cluster.server}`);
  const reason = reasonOfExit(report, fails, options);
  if (reason !== '') io.err(reason);
  if (options.writePolicyReports === true) {
    const pace = paceOf(prepared.callsPerSecond);
    const { written, removed, leftOut, problems } = await writePolicyReports(cluster, pace, report);
    tell(`${count(written, 'PolicyReport')} written, ${removed} removed`);
    if (leftOut > 0) tell(`${count(leftOut, 'result')} had no room in them: other formats have them all`);
    if (problems.length > 0) throw new UserError('cluster', problems.join('\n'));
  }
  return exitCode(report.errors, report.findings.some(fails));
}
