import {
  ciliumPolicyKinds,
  entries,
  indexSelectors,
  isRecord,
  list,
  property,
  records,
  rememberOf,
  text,
  type CiliumPolicy,
  type CiliumRule,
  type Facts,
  type LabelSelector,
} from '#sdk';
import { matchesKnown, type Closed, type SelectedPod } from './selected-pod.ts';

const [namespacedKind, clusterwideKind] = ciliumPolicyKinds;

/** Labels that Cilium gives to pods beside their own. Source: https://docs.cilium.io/en/stable/security/policy/kubernetes/ */
const namespaceKey = 'io.kubernetes.pod.namespace';
const namespaceLabelPrefix = 'io.cilium.k8s.namespace.labels.';
const accountKey = 'io.cilium.k8s.policy.serviceaccount';
const clusterKey = 'io.cilium.k8s.policy.cluster';

/** What Cilium's policies close of a pod's traffic, one after the other. */
export function* closedByCilium(facts: Facts, pod: SelectedPod): Iterable<Closed> {
  const labels = {
    ...pod.labels,
    [accountKey]: pod.serviceAccount,
    [namespaceKey]: pod.namespace ?? '',
    ...Object.fromEntries(
      entries(pod.namespaceLabels).map(([key, value]) => [namespaceLabelPrefix + key, value]),
    ),
  };
  yield* namespacedRules(facts.list(namespacedKind, pod.namespace))(labels);
  for (const { selector, closed } of clusterwideRules(facts.all(clusterwideKind))) {
    const isUnknown = (key: string): boolean =>
      key === clusterKey ||
      (!pod.namespaceKnown && key.startsWith(namespaceLabelPrefix) && !Object.hasOwn(labels, key));
    if (matchesKnown(selector, labels, isUnknown)) yield closed;
  }
}

const clusterwideRules = rememberOf((policies: readonly CiliumPolicy[]) => policies.flatMap(rulesOf));

/** A policy of a namespace is about that one, whatever its selector says of namespaces. */
const namespacedRules = rememberOf((policies: readonly CiliumPolicy[]) =>
  indexSelectors(
    policies.flatMap(rulesOf).map(({ selector, closed }) => [withoutPlaces(selector), closed] as const),
  ),
);

function withoutPlaces({ matchLabels, matchExpressions }: LabelSelector): LabelSelector {
  const isPlace = (key: unknown): boolean =>
    key === namespaceKey ||
    key === clusterKey ||
    (typeof key === 'string' && key.startsWith(namespaceLabelPrefix));
  return {
    matchLabels: Object.fromEntries(entries(matchLabels).filter(([key]) => !isPlace(key))),
    matchExpressions: list(matchExpressions).filter(({ key }) => !isPlace(key)),
  };
}

interface Rule {
  readonly selector: LabelSelector;
  readonly closed: Closed;
}

/** Rules with a `nodeSelector` instead are about nodes. */
function rulesOf({ spec, specs }: CiliumPolicy): readonly Rule[] {
  return records([spec ?? null, ...list(specs)]).flatMap((rule) => {
    const selector = withoutSources(rule.endpointSelector);
    if (selector === undefined) return [];
    return [{ selector, closed: { ingress: closes(rule, 'ingress'), egress: closes(rule, 'egress') } }];
  });
}

/** Source: Rule.Sanitize in github.com/cilium/cilium/pkg/policy/api. */
function closes(rule: CiliumRule, way: 'ingress' | 'egress'): boolean {
  const stated = property(rule.enableDefaultDeny, way);
  if (typeof stated === 'boolean') return stated;
  return list(rule[way]).length > 0 || list(rule[`${way}Deny`]).length > 0;
}

/** `k8s:app` and `any:app` are the label app. What has another source is no label of a pod, so that it is absent. */
function withoutSources(selector: unknown): LabelSelector | undefined {
  if (!isRecord(selector)) return undefined;
  const { matchLabels, matchExpressions } = selector as LabelSelector;
  return {
    matchLabels: Object.fromEntries(entries(matchLabels).map(([key, value]) => [withoutSource(key), value])),
    matchExpressions: records(matchExpressions).map((one) => ({
      ...one,
      key: withoutSource(text(one.key) ?? ''),
    })),
  };
}

function withoutSource(key: string): string {
  const colon = key.indexOf(':');
  if (colon < 0) return key;
  const source = key.slice(0, colon);
  return source === 'k8s' || source === 'any' ? key.slice(colon + 1) : `${source}.source/none`;
}
