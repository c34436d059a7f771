import { property, records, text } from './json.ts';
import type { LimitRange } from './kubernetes.ts';
import type { ContainerSubject, Facts } from './subjects.ts';

export type ResourceList = 'requests' | 'limits';

/** An amount that a LimitRange writes into containers that do not state their own. */
export interface DefaultAmount {
  /** Name of the LimitRange. */
  readonly limitRange: string;
  /** As it is written there; whoever reads it has to parse it. */
  readonly amount: unknown;
}

/**
 * What the LimitRanges of the namespace write into a container that states no such amount itself, undefined where
 * none does, where facts about LimitRanges are not at hand, and for pods that run already: admission has filled those
 * in when they were made, and does so only then. A maximum without a default is the default of limits, a default the
 * one of requests, and so is a minimum, as the API server fills a LimitRange in. Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/policy/limit-range/; kube-apiserver, plugin/pkg/admission/limitranger and
 * SetDefaults_LimitRangeItem in pkg/apis/core/v1/defaults.go.
 *
 * @example
 * limitRangeDefault(subject, 'limits', 'memory'); // { limitRange: 'defaults', amount: '512Mi' }
 */
export function limitRangeDefault(
  { containerClass, pod }: ContainerSubject,
  list: ResourceList,
  resource: string,
): DefaultAmount | undefined {
  const { facts, namespace, kind, object } = pod.workload;
  if (containerClass === 'ephemeral') return undefined;
  if (kind.template?.length === 0 && object.metadata?.uid != null) return undefined;
  return namespaceDefault(facts, namespace, list, resource);
}

/**
 * What the LimitRanges of a namespace write into each container that states no such amount itself. Never throws.
 *
 * @example namespaceDefault(facts, 'shop', 'requests', 'cpu') // { limitRange: 'defaults', amount: '100m' }
 */
export function namespaceDefault(
  facts: Facts | undefined,
  namespace: string | undefined,
  list: ResourceList,
  resource: string,
): DefaultAmount | undefined {
  if (facts?.has('LimitRange') !== true) return undefined;
  for (const limitRange of facts.list('LimitRange', namespace)) {
    const amount = defaultIn(limitRange, list, resource);
    if (amount != null) return { limitRange: text(limitRange.metadata?.name) ?? '', amount };
  }
  return undefined;
}

/** Of several items the last one counts. */
function defaultIn({ spec }: LimitRange, list: ResourceList, resource: string): unknown {
  let found: unknown;
  for (const item of records(spec?.limits)) {
    if (item.type !== 'Container') continue;
    const limit = property(item.default, resource) ?? property(item.max, resource);
    const request = property(item.defaultRequest, resource) ?? limit ?? property(item.min, resource);
    found = (list === 'limits' ? limit : request) ?? found;
  }
  return found;
}
