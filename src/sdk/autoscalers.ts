import { property, text } from './json.ts';
import { kindKey, keysOfKind } from './kinds.ts';
import type { Facts, ObjectSubject } from './subjects.ts';

/** What a HorizontalPodAutoscaler says about the number of replicas of its target. */
export interface Autoscaler {
  readonly name: string;
  /** One where nothing is said (API reference, HorizontalPodAutoscalerSpec). */
  readonly minReplicas: number;
  /** As many as the minimum where nothing is said. */
  readonly maxReplicas: number;
}

/**
 * The HorizontalPodAutoscaler that decides how many replicas a workload has, where one is known. Never throws.
 *
 * @example
 * const replicas = autoscalerOf(subject)?.minReplicas ?? object.spec?.replicas ?? 1;
 */
export function autoscalerOf({
  facts,
  namespace,
  name,
  kind,
}: Pick<ObjectSubject<unknown>, 'namespace' | 'name' | 'kind'> & {
  readonly facts: Facts | undefined;
}): Autoscaler | undefined {
  if (facts?.has('HorizontalPodAutoscaler') !== true) return undefined;
  for (const { metadata, spec } of facts.list('HorizontalPodAutoscaler', namespace)) {
    const target = spec?.scaleTargetRef;
    if (target?.name !== name || target.kind !== kind.kind) continue;
    if (!keysOfKind(kind).includes(kindKey(text(target.apiVersion) ?? '', kind.kind))) continue;
    const least = property(spec, 'minReplicas');
    const most = property(spec, 'maxReplicas');
    const minReplicas = typeof least === 'number' ? least : 1;
    return {
      name: text(metadata?.name) ?? '',
      minReplicas,
      maxReplicas: typeof most === 'number' ? most : minReplicas,
    };
  }
  return undefined;
}
