interface Query {
  readonly expr: string;
  /** How a series is called; labels in double braces. */
  readonly legend?: string;
}

/** A panel of a dashboard, without its place. */
export interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly type: 'timeseries' | 'stat' | 'heatmap' | 'bargauge';
  readonly unit: string;
  readonly queries: readonly Query[];
  /** From where on a value is shown as a warning and as bad; `falling` where less is worse. */
  readonly thresholds?: { readonly warning: number; readonly bad: number; readonly falling?: true };
}

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
  /** How many stand side by side. */
  readonly columns: number;
  readonly height: number;
}

const errors = 'reason=~"fault|deadline|overloaded"';

/** What the dashboard shows, from top to bottom. */
export const rows: readonly Row[] = [
  {
    title: 'Now',
    columns: 6,
    height: 4,
    panels: [
      stat('Replicas', 'short', 'count(daygate_build_info)', { warning: 2, bad: 1, falling: true }),
      stat('Reviews per second', 'reqps', 'sum(rate(daygate_decisions_total[$__rate_interval]))'),
      stat(
        'Denied in this time',
        'short',
        'sum(increase(daygate_decisions_total{verdict="denied",dry_run="no"}[$__range]))',
      ),
      stat(
        'Without verdict in this time',
        'short',
        `sum(increase(daygate_rejected_requests_total{${errors}}[$__range]))`,
        {
          warning: 1,
          bad: 100,
        },
      ),
      stat('Settings in force', 'short', 'count(count by (digest) (daygate_settings_info))', {
        warning: 2,
        bad: 3,
      }),
      stat('Enforcement suspended', 'short', 'max(daygate_suspended)', { warning: 1, bad: 1 }),
    ],
  },
  {
    title: 'Traffic',
    columns: 2,
    height: 8,
    panels: [
      lines(
        'Reviews by operation',
        'reqps',
        'sum by (operation) (rate(daygate_decisions_total[$__rate_interval]))',
        '{{operation}}',
      ),
      lines(
        'Verdicts',
        'reqps',
        'sum by (verdict) (rate(daygate_decisions_total[$__rate_interval]))',
        '{{verdict}}',
      ),
      {
        ...lines(
          'Rejected calls by reason',
          'reqps',
          'sum by (reason) (rate(daygate_rejected_requests_total[$__rate_interval])) > 0',
          '{{reason}}',
        ),
        description:
          'fault, deadline and overloaded are faults of daygate; failurePolicy decides about these requests.',
      },
      {
        title: 'Calls that the API server gave up',
        description:
          'Needs the metrics of the API server. Open: passed unjudged. Refused: failurePolicy is Fail.',
        type: 'timeseries',
        unit: 'reqps',
        queries: [
          {
            expr: 'sum by (name) (rate(apiserver_admission_webhook_fail_open_count{name=~".+[.]daygate[.]dev"}[$__rate_interval]))',
            legend: 'open {{name}}',
          },
          {
            expr: 'sum by (name) (rate(apiserver_admission_webhook_rejection_count{name=~".+[.]daygate[.]dev",error_type!="no_error"}[$__rate_interval]))',
            legend: 'refused {{name}}',
          },
        ],
      },
    ],
  },
  {
    title: 'Latency',
    columns: 2,
    height: 8,
    panels: [
      {
        title: 'Time to a verdict',
        type: 'heatmap',
        unit: 's',
        queries: [
          {
            expr: 'sum by (le) (increase(daygate_review_duration_seconds_bucket[$__rate_interval]))',
            legend: '{{le}}',
          },
        ],
      },
      {
        title: 'Time to a verdict: half and 99 % of the calls',
        type: 'timeseries',
        unit: 's',
        queries: [quantile(0.5, 'p50'), quantile(0.99, 'p99')],
      },
    ],
  },
  {
    title: 'Policies',
    columns: 2,
    height: 9,
    panels: [
      top(
        'Findings that deny: 10 most frequent policies',
        'topk(10, sum by (policy) (increase(daygate_findings_total{action="deny"}[$__range])) > 0)',
        '{{policy}}',
      ),
      top(
        'Findings that warn: 10 most frequent policies',
        'topk(10, sum by (policy) (increase(daygate_findings_total{action="warn"}[$__range])) > 0)',
        '{{policy}}',
      ),
      top(
        'Fixes',
        'sum by (policy, result) (increase(daygate_fixes_total[$__range])) > 0',
        '{{policy}} {{result}}',
      ),
      {
        ...top(
          'Denied by namespace',
          'topk(10, sum by (namespace) (increase(daygate_namespace_decisions_total{verdict="denied"}[$__range])) > 0)',
          '{{namespace}}',
        ),
        description: 'Only with serve --metrics-namespaces.',
      },
      lines(
        'Policies that failed',
        'short',
        'sum by (policy) (increase(daygate_policy_errors_total[$__rate_interval])) > 0',
        '{{policy}}',
      ),
      {
        title: 'Policies in quarantine, and what they did',
        type: 'timeseries',
        unit: 'short',
        queries: [
          { expr: 'max by (policy) (daygate_policy_quarantined) > 0', legend: '{{policy}} quarantined' },
          {
            expr: 'sum by (policy, fault) (increase(daygate_sandbox_faults_total[$__rate_interval])) > 0',
            legend: '{{policy}} {{fault}}',
          },
        ],
      },
    ],
  },
  {
    title: 'Certificates and settings',
    columns: 3,
    height: 7,
    panels: [
      {
        ...lines(
          'Time left',
          's',
          'min by (certificate) (daygate_certificate_expiry_timestamp_seconds) - time()',
          '{{certificate}}',
        ),
        thresholds: { warning: 14 * 86_400, bad: 7 * 86_400, falling: true },
      },
      lines(
        'Replicas by digest of their settings',
        'short',
        'count by (digest) (daygate_settings_info)',
        '{{digest}}',
      ),
      {
        title: 'Files that cannot be used',
        type: 'timeseries',
        unit: 'short',
        queries: [
          { expr: 'sum(daygate_certificate_reload_failed)', legend: 'replicas: certificate' },
          { expr: 'sum(daygate_settings_reload_failed)', legend: 'replicas: settings' },
        ],
      },
    ],
  },
  {
    title: 'Processes',
    columns: 3,
    height: 7,
    panels: [
      {
        title: 'Memory',
        type: 'timeseries',
        unit: 'bytes',
        queries: [
          {
            expr: 'process_resident_memory_bytes and on (instance) daygate_build_info',
            legend: '{{instance}} resident',
          },
          {
            expr: 'nodejs_heap_size_used_bytes and on (instance) daygate_build_info',
            legend: '{{instance}} heap',
          },
        ],
      },
      lines(
        'Processor',
        'short',
        'rate(process_cpu_seconds_total[$__rate_interval]) and on (instance) daygate_build_info',
        '{{instance}}',
      ),
      lines(
        'Event loop lag, 99 %',
        's',
        'nodejs_eventloop_lag_p99_seconds and on (instance) daygate_build_info',
        '{{instance}}',
      ),
      lines('Workers', 'short', 'sum by (instance) (daygate_workers)', '{{instance}}'),
      lines(
        'Workers replaced',
        'short',
        'sum by (instance, reason) (increase(daygate_worker_restarts_total[$__rate_interval])) > 0',
        '{{instance}} {{reason}}',
      ),
      lines(
        'Lines of the log dropped',
        'short',
        'sum by (instance) (increase(daygate_log_lines_dropped_total[$__rate_interval])) > 0',
        '{{instance}}',
      ),
    ],
  },
];

function stat(title: string, unit: string, expr: string, thresholds?: Panel['thresholds']): Panel {
  return {
    title,
    type: 'stat',
    unit,
    queries: [{ expr }],
    ...(thresholds === undefined ? {} : { thresholds }),
  };
}

function lines(title: string, unit: string, expr: string, legend: string): Panel {
  return { title, type: 'timeseries', unit, queries: [{ expr, legend }] };
}

function top(title: string, expr: string, legend: string): Panel {
  return { title, type: 'bargauge', unit: 'short', queries: [{ expr, legend }] };
}

function quantile(share: number, name: string): Query {
  return {
    expr: `histogram_quantile(${share}, sum by (le, webhook) (rate(daygate_review_duration_seconds_bucket[$__rate_interval])))`,
    legend: `${name} {{webhook}}`,
  };
}
