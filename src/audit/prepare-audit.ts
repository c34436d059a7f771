import { compileOptions, compileScope, type PolicyOptions } from '../cli/compile-scope.ts';
import { includesPasses } from '../cli/include.ts';
import type { OpenedCluster } from '../cluster/cluster.ts';
import type { KubeconfigOptions } from '../cluster/kubeconfig.ts';
import type { ReadLibrary } from '../config/reread-library.ts';
import type { SettingsFile } from '../config/parse-settings.ts';
import { UserError } from '../errors.ts';
import { numberOption } from '../number-option.ts';
import type { AuditOptions } from './audit-cluster.ts';
import { settingsDigest } from './describe-settings.ts';
import { parseShard } from './shard.ts';

/** What to judge, and by what: the part of the command line that one audit and the service share. */
export interface AuditScope extends KubeconfigOptions, PolicyOptions {
  /** What the report calls the cluster. */
  readonly cluster?: string;
  readonly namespace?: readonly string[];
  readonly shard?: string;
  readonly patches?: boolean;
  readonly chunkSize: string;
  readonly qps: string;
  readonly writePolicyReports?: boolean;
  /** What reports hold beside findings. */
  readonly include?: readonly string[];
}

/** By what an audit judges. */
export interface Judges extends ReadLibrary {
  readonly file: SettingsFile;
}

/** @throws UserError `settings` or `usage` */
export function prepareAudit(
  options: AuditScope,
  cluster: OpenedCluster,
  { file, policies, digest }: Judges,
  now: number,
): AuditOptions {
  const { profile, kubernetes, only, set, shard, writePolicyReports } = options;
  if (writePolicyReports === true && shard !== undefined)
    throw new UserError(
      'usage',
      '--write-policy-reports: shards would overwrite each other: write them from an audit without --shard',
    );
  const compiled = compileScope(file, options, policies, compileOptions(options, now));
  return {
    cluster,
    name: options.cluster ?? cluster.context ?? 'in-cluster',
    compiled,
    settings: settingsDigest(compiled, { digest, profile, kubernetes, only, set }),
    now,
    pageSize: numberOption('--chunk-size', options.chunkSize, 1, 10_000),
    callsPerSecond: numberOption('--qps', options.qps, 1, 1_000),
    profile,
    namespaces: options.namespace,
    shard: shard === undefined ? undefined : parseShard(shard),
    passes: includesPasses(options.include),
    patches: options.patches,
  };
}
