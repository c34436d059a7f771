import { parser } from '@prometheus-io/lezer-promql';
import { auditLabels, labels } from '../../scripts/generate/metrics-page.ts';
import { createMetrics } from '../../src/server/metrics.ts';

/** A metric as an expression asks for it. */
interface Asked {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What a PromQL expression asks for. @throws Error where it is none */
export function askedBy(expression: string): readonly Asked[] {
  const asked: { metric: string; labels: string[] }[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, type, from, to }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
      const text = expression.slice(from, to);
      if (name === 'VectorSelector') asked.push({ metric: '', labels: [] });
      const last = asked.at(-1);
      if (name === 'Identifier' && last !== undefined) last.metric = text;
      if (name === 'LabelName' && last !== undefined) last.labels.push(text);
    },
  });
  if (asked.length === 0) throw new Error(`this asks for nothing: ${expression}`);
  return asked;
}

/** What others have: the API server, the kubelet, kube-state-metrics and Prometheus. */
export const foreign: Readonly<Record<string, readonly string[]>> = {
  apiserver_admission_webhook_admission_duration_seconds: ['name', 'operation', 'rejected', 'type'],
  apiserver_admission_webhook_fail_open_count: ['name', 'type'],
  apiserver_admission_webhook_rejection_count: ['error_type', 'name', 'operation', 'rejection_code', 'type'],
  apiserver_request_total: [
    'code',
    'component',
    'dry_run',
    'group',
    'resource',
    'scope',
    'subresource',
    'verb',
    'version',
  ],
  container_cpu_cfs_throttled_periods_total: ['container'],
  kube_deployment_spec_replicas: ['deployment'],
  kube_deployment_status_replicas_ready: ['deployment'],
  kube_job_status_failed: ['job_name'],
};

// What Prometheus itself puts on every series.
const scraped = ['namespace', 'pod', 'job', 'instance'];

/** The labels of every metric that can be asked for. */
export async function knownMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const ofProcess = [...(await createMetrics().text()).matchAll(/^# TYPE ((?:process|nodejs)_\S+)/gm)];
  const all: Record<string, readonly string[]> = { ...foreign, ...labels, ...auditLabels };
  for (const [, name = ''] of ofProcess) all[name] = [];
  const known = new Map<string, ReadonlySet<string>>();
  for (const [name, own] of Object.entries(all)) {
    known.set(name, new Set([...own, ...scraped]));
    if (!/_seconds$/.test(name)) continue;
    for (const part of ['count', 'sum', 'bucket'])
      known.set(`${name}_${part}`, new Set([...own, ...scraped, 'le']));
  }
  return known;
}

/** What an expression asks for and nobody has. */
export async function unknownIn(expressions: readonly string[]): Promise<readonly string[]> {
  const known = await knownMetrics();
  return expressions.flatMap((expression) =>
    askedBy(expression).flatMap(({ metric, labels: used }) => {
      const has = known.get(metric);
      if (has === undefined) return [metric];
      return used.filter((label) => !has.has(label)).map((label) => `${metric}{${label}}`);
    }),
  );
}
