import { AggregatorRegistry, type Registry } from 'prom-client';

/** A metric as prom-client writes it down. */
interface Metric {
  readonly name: string;
  readonly type: string;
  readonly aggregator: string;
  readonly values: readonly unknown[];
}

/** All metrics of a process. */
export type MetricsSnapshot = readonly Metric[];

/** prom-client declares the types of metrics as numbers; they are words. */
export async function snapshotOf(registry: Pick<Registry, 'getMetricsAsJSON'>): Promise<MetricsSnapshot> {
  return (await registry.getMetricsAsJSON()) as unknown as MetricsSnapshot;
}

// prom-client sums gauges that say nothing else. How late event loops are is no less for an average over idle workers,
// a limit of each process does not add up, and what runs began with the first of its processes.
const aggregators: Readonly<Record<string, string>> = {
  process_start_time_seconds: 'min',
  process_max_fds: 'min',
  nodejs_eventloop_lag_seconds: 'max',
  nodejs_eventloop_lag_mean_seconds: 'max',
  nodejs_eventloop_lag_stddev_seconds: 'max',
  nodejs_eventloop_lag_p50_seconds: 'max',
  nodejs_eventloop_lag_p90_seconds: 'max',
  nodejs_eventloop_lag_p99_seconds: 'max',
};

/** Puts the metrics of several processes together, each in the way it was declared: counters are summed. */
export function sumMetrics(snapshots: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  return snapshotOf(aggregate(snapshots));
}

/** The same, as the text that Prometheus scrapes. */
export function sumAsText(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  return aggregate(snapshots).metrics();
}

/** What stays of a process that ended: were its counts gone, Prometheus would count those of the others anew. */
export function countsOf(metrics: MetricsSnapshot): MetricsSnapshot {
  return metrics.filter(({ type }) => type === 'counter' || type === 'histogram');
}

function aggregate(snapshots: readonly MetricsSnapshot[]): ReturnType<typeof AggregatorRegistry.aggregate> {
  const declared = snapshots.map((metrics) =>
    metrics.map((metric) => ({ ...metric, aggregator: aggregators[metric.name] ?? metric.aggregator })),
  );
  return AggregatorRegistry.aggregate(declared);
}
