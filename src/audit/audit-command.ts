import type { Policy } from '#sdk';
import { compileOptions, compileScope, type PolicyOptions } from '../cli/compile-scope.ts';
import { parseFailOn, reasonOfExit } from '../cli/fail-on.ts';
import type { Io } from '../cli/io.ts';
import { parseOutputs, writeOutputs } from '../cli/output.ts';
import { startProgress } from '../cli/progress.ts';
import { openCluster } from '../cluster/cluster.ts';
import type { KubeconfigOptions } from '../cluster/kubeconfig.ts';
import { readSettings } from '../config/settings-file.ts';
import { exitCode, UserError } from '../errors.ts';
import { auditFormats } from '../report/audit/format-names.ts';
import { renderAudit } from '../report/audit/formats.ts';
import { trendOf } from '../report/audit/trend-point.ts';
import { auditCluster, type AuditOptions } from './audit-cluster.ts';
import { settingsDigest } from './describe-settings.ts';
import { readAuditReport } from './read-report.ts';
import { parseShard } from './shard.ts';

/** What `daygate audit` takes on its command line. */
export interface AuditCommandOptions extends KubeconfigOptions, PolicyOptions {
  /** What the report calls the cluster. */
  readonly cluster?: string;
  readonly namespace?: readonly string[];
  readonly output?: readonly string[];
  readonly failOn?: readonly string[];
  readonly quiet?: boolean;
  readonly shard?: string;
  /** A report of the same cluster: what has not changed since is not judged again. */
  readonly since?: string;
  /** Earlier reports. */
  readonly trend?: readonly string[];
  readonly chunkSize: string;
  readonly qps: string;
}

/** `daygate audit`: judges what a cluster runs; returns the exit code. */
export async function audit(
  options: AuditCommandOptions,
  policies: readonly Policy[],
  io: Io,
): Promise<number> {
  const outputs = parseOutputs(options.output ?? ['text'], auditFormats);
  const fails = parseFailOn(options.failOn);
  const prepared = prepare(options, policies, io);
  const progress = startProgress(io, options.quiet === true);
  const since = options.since === undefined ? undefined : readAuditReport(options.since);
  const trend = trendOf((options.trend ?? []).map(readAuditReport));
  const { report, calls, notSince } = await auditCluster({ ...prepared, since, trend, step: progress.step });
  progress.end();
  writeOutputs(outputs, ({ format }, context) => renderAudit(format, report, context), io);
  if (options.quiet !== true) {
    const { judged, unchanged = 0 } = report.coverage;
    if (notSince !== undefined)
      io.err(`daygate: ${options.since ?? ''} is of no use, so everything was judged: ${notSince}\n`);
    else if (since !== undefined) io.err(`${judged} objects judged, ${unchanged} unchanged\n`);
    io.err(`${calls} calls to ${prepared.cluster.server}\n`);
  }
  const reason = reasonOfExit(report, fails, options);
  if (reason !== '') io.err(reason);
  return exitCode(report.errors, report.findings.some(fails));
}

/** What an audit needs, from the command line and the settings. */
function prepare(
  options: AuditCommandOptions,
  policies: readonly Policy[],
  io: Pick<Io, 'now'>,
): Omit<AuditOptions, 'step'> {
  const { profile, kubernetes, only, set } = options;
  const compiled = compileScope(
    readSettings(options.settings),
    options,
    policies,
    compileOptions(options, io.now()),
  );
  const cluster = openCluster({ ...options, timeoutSeconds: 60 });
  return {
    cluster,
    name: options.cluster ?? cluster.context ?? 'in-cluster',
    compiled,
    settings: settingsDigest(compiled, { profile, kubernetes, only, set }),
    now: io.now(),
    pageSize: numberOf('--chunk-size', options.chunkSize, 1, 10_000),
    callsPerSecond: numberOf('--qps', options.qps, 1, 1_000),
    profile,
    namespaces: options.namespace,
    shard: options.shard === undefined ? undefined : parseShard(options.shard),
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new UserError('usage', `${option} ${text}: expected a whole number from ${least} to ${most}`);
}
