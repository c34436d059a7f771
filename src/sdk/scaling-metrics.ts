import { isRecord, list, property, text, type Path } from './json.ts';
import type { ScaledObject } from './keda.ts';
import type { HorizontalPodAutoscaler } from './kubernetes.ts';

/** A metric of an autoscaler that is about what containers use. */
export interface ResourceMetric {
  /** `cpu` or `memory`. */
  readonly resource: string;
  /** The one container that is measured; all of them where it is undefined. */
  readonly container: string | undefined;
  /** Whether use is compared with what was requested, and not with a fixed amount. */
  readonly isUtilization: boolean;
  /** Where the object says so. */
  readonly at: Path;
}

/**
 * The metrics of a HorizontalPodAutoscaler that are about resources. Without any metric it is 80% of the requested
 * CPU; `autoscaling/v1` has a field for that one alone and keeps the others in an annotation. Never throws.
 *
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/;
 * SetDefaults_HorizontalPodAutoscaler in kubernetes/pkg/apis/autoscaling/v2/defaults.go.
 *
 * @example
 * resourceMetrics({ spec: {} });
 * // [{ resource: 'cpu', container: undefined, isUtilization: true, at: ['spec', 'metrics'] }]
 */
export function resourceMetrics({
  apiVersion,
  metadata,
  spec,
}: HorizontalPodAutoscaler): readonly ResourceMetric[] {
  if (!isRecord(spec)) return [];
  if (apiVersion === 'autoscaling/v1') {
    const others = annotatedMetrics(metadata?.annotations);
    const hasShare = spec['targetCPUUtilizationPercentage'] != null || others.length === 0;
    return [
      ...(hasShare ? [cpuShare(['spec', 'targetCPUUtilizationPercentage'])] : []),
      ...others.flatMap((metric) =>
        resourceMetric(metric, () => ['metadata', 'annotations', metricsOfVersion1]),
      ),
    ];
  }
  const metrics: readonly unknown[] = list(spec['metrics'] as readonly unknown[] | null);
  if (metrics.length === 0) return [cpuShare(['spec', 'metrics'])];
  return metrics.flatMap((metric, index) =>
    resourceMetric(metric, (field) => ['spec', 'metrics', index, field]),
  );
}

function resourceMetric(metric: unknown, at: (field: string) => Path): readonly ResourceMetric[] {
  const field = fields.get(property(metric, 'type'));
  const source = field === undefined ? undefined : property(metric, field);
  const resource = text(property(source, 'name')) ?? '';
  if (field === undefined || resource === '') return [];
  const share =
    // Version 1 and the first beta have no target.
    property(property(source, 'target'), 'averageUtilization') ??
    property(source, 'targetAverageUtilization');
  return [
    {
      resource,
      container: field === 'resource' ? undefined : text(property(source, 'container')),
      isUtilization: share != null,
      at: at(field),
    },
  ];
}

/** The API server takes what is no list of metrics for none. */
function annotatedMetrics(annotations: unknown): readonly unknown[] {
  try {
    const metrics: unknown = JSON.parse(text(property(annotations, metricsOfVersion1)) ?? '[]');
    return Array.isArray(metrics) ? metrics : [];
  } catch {
    return [];
  }
}

/** Where version 1 keeps what it has no fields for. */
const metricsOfVersion1 = 'autoscaling.alpha.kubernetes.io/metrics';
const fields: ReadonlyMap<unknown, 'resource' | 'containerResource'> = new Map([
  ['Resource', 'resource'],
  ['ContainerResource', 'containerResource'],
]);

function cpuShare(at: Path): ResourceMetric {
  return { resource: 'cpu', container: undefined, isUtilization: true, at };
}

/**
 * The triggers of a ScaledObject of KEDA that are about resources. Never throws.
 *
 * Source: https://keda.sh/docs/latest/scalers/cpu/ and https://keda.sh/docs/latest/scalers/memory/
 *
 * @example
 * resourceTriggers({ spec: { triggers: [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } }] } });
 * // [{ resource: 'cpu', container: undefined, isUtilization: true, at: ['spec', 'triggers', 0] }]
 */
export function resourceTriggers({ spec }: ScaledObject): readonly ResourceMetric[] {
  return list(spec?.triggers).flatMap((trigger: unknown, index) => {
    const resource = text(property(trigger, 'type'));
    if (resource !== 'cpu' && resource !== 'memory') return [];
    const metadata = property(trigger, 'metadata');
    return {
      resource,
      container: text(property(metadata, 'containerName')),
      // The field of the trigger is the successor of that of its metadata.
      isUtilization: (property(trigger, 'metricType') ?? property(metadata, 'type')) === 'Utilization',
      at: ['spec', 'triggers', index],
    };
  });
}
