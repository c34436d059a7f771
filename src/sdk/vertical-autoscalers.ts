import { grouping } from './grouping.ts';
import { list, property, text } from './json.ts';
import { customKind } from './kinds.ts';
import { scaleTargetKey } from './scale-targets.ts';
import type { Facts, KubernetesObject } from './subjects.ts';

/** A VerticalPodAutoscaler as far as policies read it. */
export interface VerticalPodAutoscaler extends KubernetesObject {
  readonly spec?: {
    readonly targetRef?: {
      readonly apiVersion?: string | null;
      readonly kind?: string | null;
      readonly name?: string | null;
    } | null;
    readonly updatePolicy?: { readonly updateMode?: string | null } | null;
    readonly resourcePolicy?: { readonly containerPolicies?: readonly VerticalPolicy[] | null } | null;
  } | null;
}

export interface VerticalPolicy {
  readonly containerName?: string | null;
  readonly mode?: string | null;
  readonly controlledResources?: readonly string[] | null;
}

/**
 * The VerticalPodAutoscaler of the autoscaler project.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/api.md
 */
export const verticalAutoscalerKind = customKind<VerticalPodAutoscaler>({
  group: 'autoscaling.k8s.io',
  versions: ['v1', 'v1beta2'],
  kind: 'VerticalPodAutoscaler',
  resource: 'verticalpodautoscalers',
  namespaced: true,
});

/**
 * Whether a VerticalPodAutoscaler writes requests for a resource into a container, and does not only recommend them:
 * in every mode but `Off`, CPU and memory unless its policy for the container, or the one for `*`, says otherwise.
 * Never throws.
 *
 * @example
 * writesRequests({ spec: { updatePolicy: { updateMode: 'Initial' } } }, 'cpu', 'app'); // true
 */
export function writesRequests(
  { spec }: VerticalPodAutoscaler,
  resource: string,
  container: string,
): boolean {
  if (isOff(property(property(spec, 'updatePolicy'), 'updateMode'))) return false;
  const policies = byContainer(list(spec?.resourcePolicy?.containerPolicies));
  const policy = policies.get(container)?.[0] ?? policies.get('*')?.[0];
  if (isOff(policy?.mode)) return false;
  const resources = policy?.controlledResources;
  return Array.isArray(resources) ? resources.includes(resource) : ['cpu', 'memory'].includes(resource);
}

/** Without quotes YAML reads false: no mode that the API server takes, and it is plain what was meant. */
function isOff(mode: unknown): boolean {
  return mode === 'Off' || mode === false;
}

/**
 * The VerticalPodAutoscalers of a workload, where they are known. Never throws.
 *
 * @param target as `scaleTargetKey` gives it
 *
 * @example verticalAutoscalersOf('apps/Deployment/web', facts, 'shop')
 */
export function verticalAutoscalersOf(
  target: string,
  facts: Facts,
  namespace: string | undefined,
): readonly VerticalPodAutoscaler[] {
  if (!facts.has(verticalAutoscalerKind)) return [];
  return byTarget(facts.list(verticalAutoscalerKind, namespace)).get(target) ?? [];
}

const byContainer = grouping((policy: VerticalPolicy) => {
  const name = text(property(policy, 'containerName'));
  return name === undefined ? [] : [name];
});
const byTarget = grouping(({ spec }: VerticalPodAutoscaler) => {
  const key = scaleTargetKey(property(spec, 'targetRef'));
  return key === undefined ? [] : [key];
});
