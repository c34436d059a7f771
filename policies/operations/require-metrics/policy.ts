import {
  arePodsMonitored,
  definePolicy,
  entries,
  isAnyServiceMonitored,
  isControlled,
  podMonitorKinds,
  property,
  serviceMonitorKinds,
  servicesSelecting,
  type Facts,
  type ObjectMeta,
} from '#sdk';
import { z } from 'zod';

/** Annotations by which well-known collectors are told what to scrape, or that what is measured is sent to them. */
const knownAnnotations = new RegExp(
  [
    'prometheus\\.io/scrape',
    'k8s\\.grafana\\.com/scrape',
    'metrics\\.dynatrace\\.com/scrape',
    'ad\\.datadoghq\\.com/[^/]+\\.(?:checks|check_names)',
    'co\\.elastic\\.metrics(?:\\.[^/]+)?/module',
    'instrumentation\\.opentelemetry\\.io/inject-[a-z-]+',
  ]
    .map((pattern) => `^${pattern}$`)
    .join('|'),
);

export default definePolicy({
  id: 'require-metrics',
  category: 'operations',
  title: 'Require that metrics are scraped',
  severity: 'low',
  target: 'relation',
  kinds: ['Workload'],
  facts: ['Service', ...serviceMonitorKinds, ...podMonitorKinds],
  profiles: { production: 'warn' },
  params: z.strictObject({
    annotations: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Annotations of pods or Services by which your collector is told to scrape, besides those of well-known ones',
      ),
  }),
  messages: {
    missing:
      'Nobody scrapes {kind} {name}: its pods have no scrape annotation, and no monitor selects them or their Service.',
  },
  why: 'Without metrics nobody is woken when it fails, nobody sees what a release made slower, and autoscaling has nothing to go by.',
  remediation:
    'Add a ServiceMonitor or PodMonitor whose selector, namespace and port name fit, or set the annotation prometheus.io/scrape to "true" on the pod template.',
  references: [
    'https://prometheus-operator.dev/docs/developer/getting-started/',
    'https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config',
  ],
  validate({ object, kind, namespace, facts, pod }, { params, report }) {
    if (pod === undefined || pod.runsToCompletion || kind.kind === 'PodTemplate') return;
    // Its owner answers for it, or the operator does.
    if (isControlled(object) || property(object.spec, 'replicas') === 0) return;
    const isScraped = ({ annotations }: ObjectMeta): boolean =>
      entries(annotations).some(
        ([key, value]) => isOn(value) && (params.annotations.includes(key) || knownAnnotations.test(key)),
      );
    const services = servicesSelecting(pod.podMetadata.labels, facts, namespace);
    if (isScraped(pod.podMetadata) || services.some(({ metadata }) => isScraped(metadata ?? {}))) return;
    // Those of the namespace first: what others have may not be known.
    const near: Facts = { ...facts, all: (monitor) => facts.list(monitor, namespace) };
    for (const known of [near, facts]) {
      if (arePodsMonitored(pod, namespace, known)) return;
      if (isAnyServiceMonitored(services, namespace, known)) return;
    }
    report({ message: 'missing', at: pod.atMetadata('annotations', 'prometheus.io/scrape') });
  },
});

function isOn(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !/^(?:false|no|off|0)$/i.test(value);
}
