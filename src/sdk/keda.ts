import { property, records, text } from './json.ts';
import { customKind } from './kinds.ts';
import type { HorizontalPodAutoscaler } from './kubernetes.ts';
import { rememberOf } from './remember.ts';
import { scaleTargetKey } from './scale-targets.ts';
import type { KubernetesObject } from './subjects.ts';

/** A ScaledObject of KEDA as far as policies read it. */
export interface ScaledObject extends KubernetesObject {
  readonly spec?: {
    readonly scaleTargetRef?: {
      readonly apiVersion?: string | null;
      readonly kind?: string | null;
      readonly name?: string | null;
    } | null;
    readonly minReplicaCount?: number | null;
    readonly maxReplicaCount?: number | null;
    readonly triggers?: readonly ScaledObjectTrigger[] | null;
    readonly advanced?: {
      readonly horizontalPodAutoscalerConfig?: { readonly name?: string | null } | null;
    } | null;
  } | null;
}

export interface ScaledObjectTrigger {
  readonly type?: string | null;
  readonly metricType?: string | null;
  readonly metadata?: Readonly<Record<string, string>> | null;
}

/** The ScaledObject of KEDA. Source: https://keda.sh/docs/latest/reference/scaledobject-spec/ */
export const scaledObjectKind = customKind<ScaledObject>({
  group: 'keda.sh',
  versions: ['v1alpha1'],
  kind: 'ScaledObject',
  resource: 'scaledobjects',
  namespaced: true,
});

/**
 * What a ScaledObject scales, as `scaleTargetKey` says it: a Deployment unless it says otherwise. Never throws.
 *
 * @example scaledObjectTarget({ spec: { scaleTargetRef: { name: 'web' } } }) // 'apps/Deployment/web'
 */
export function scaledObjectTarget({ spec }: ScaledObject): string | undefined {
  return scaleTargetKey(property(spec, 'scaleTargetRef'), { apiVersion: 'apps/v1', kind: 'Deployment' });
}

/**
 * Whether KEDA keeps this HorizontalPodAutoscaler for one of the ScaledObjects: it owns it, or it has the name that a
 * ScaledObject gives to its own. Never throws.
 *
 * Source: https://keda.sh/docs/latest/reference/scaledobject-spec/ (advanced.horizontalPodAutoscalerConfig.name,
 * and the annotation that transfers the ownership of an existing one).
 *
 * @param scaledObjects the same list for all that are asked about, which is sorted once
 */
export function isKeptByKeda(
  { metadata }: HorizontalPodAutoscaler,
  scaledObjects: readonly ScaledObject[],
): boolean {
  const { names, autoscalers } = namesOf(scaledObjects);
  return (
    autoscalers.has(text(metadata?.name) ?? '') ||
    records(metadata?.ownerReferences).some(
      ({ kind, name }) => kind === scaledObjectKind.kind && names.has(text(name) ?? ''),
    )
  );
}

const namesOf = rememberOf((scaledObjects: readonly ScaledObject[]) => {
  const names = new Set<string>();
  const autoscalers = new Set<string>();
  for (const { metadata, spec } of scaledObjects) {
    const name = text(metadata?.name) ?? '';
    const config = property(property(spec, 'advanced'), 'horizontalPodAutoscalerConfig');
    names.add(name);
    autoscalers.add(text(property(config, 'name')) || `keda-hpa-${name}`);
  }
  return { names, autoscalers };
});
