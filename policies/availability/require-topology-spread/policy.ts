import {
  autoscalerOf,
  definePolicy,
  entries,
  isControlled,
  isRecord,
  list,
  matchesLabelSelector,
  property,
  propertyAt,
  records,
  scaledObjectKind,
  text,
  type JsonRecord,
  type LabelSelector,
  type PodAffinityTerm,
  type PodSubject,
} from '#sdk';
import { z } from 'zod';

/** Kinds that are spread as their owner says. */
const madeByOthers: ReadonlySet<string> = new Set(['ReplicaSet', 'ReplicationController']);
const host = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';
/** Nodes have carried both labels since 1.17. */
const oldZone = 'failure-domain.beta.kubernetes.io/zone';

export default definePolicy({
  id: 'require-topology-spread',
  category: 'availability',
  title: 'Require replicas to be spread',
  severity: 'medium',
  target: 'object',
  // Every kind with replicas; what runs once per node, or ends by itself, has nothing to spread.
  kinds: ['Workload'],
  optionalFacts: ['HorizontalPodAutoscaler', scaledObjectKind],
  profiles: { production: 'warn' },
  params: z.strictObject({
    topologyKeys: z
      .array(z.string().min(1))
      .default([host, zone])
      .describe('Labels of nodes over whose values replicas must be spread'),
    minReplicas: z.int().min(2).default(2).describe('Leave workloads with fewer replicas alone'),
    whenUnsatisfiable: z
      .enum(['ScheduleAnyway', 'DoNotSchedule'])
      .optional()
      .describe('What the fix writes as whenUnsatisfiable, with maxSkew 1'),
  }),
  messages: {
    unspread: 'All {replicas} replicas of {kind} {name} may run on nodes with the same {topologyKey}.',
    selectsOthers:
      'The topology spread constraint of {kind} {name} on {topologyKey} does not select its own pods and spreads nothing.',
  },
  why: 'Replicas on one node, or in one zone, fail together: the number of replicas then protects from nothing.',
  remediation: {
    unspread:
      'Add a topologySpreadConstraint with topologyKey {topologyKey}, maxSkew 1 and a labelSelector that matches the labels of the pods.',
    selectsOthers: 'Give the constraint a labelSelector that matches the labels of the pod template.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity',
  ],
  validate(subject, { params, report }) {
    const { object, kind, pod } = subject;
    if (kind.scalable !== true || pod === undefined) return;
    if (madeByOthers.has(kind.kind) && isControlled(object)) return;
    const replicas = property(object.spec, 'replicas') ?? 1;
    if (typeof replicas !== 'number' || replicas === 0) return;
    const most = Math.max(replicas, autoscalerOf(subject)?.maxReplicas ?? 0);
    if (most < params.minReplicas) return;
    for (const topologyKey of params.topologyKeys) {
      if (isSpread(pod, topologyKey)) continue;
      const other = records(pod.podSpec.topologySpreadConstraints).find((one) => covers(one, topologyKey));
      if (other === undefined) {
        const data = { replicas: most, topologyKey };
        report({ message: 'unspread', at: pod.at('topologySpreadConstraints'), data });
      } else {
        const index = pod.podSpec.topologySpreadConstraints?.indexOf(other) ?? 0;
        const place = pod.at('topologySpreadConstraints', index, 'labelSelector');
        report({ message: 'selectsOthers', at: place, data: { topologyKey } });
      }
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['unspread'],
    requires: ['whenUnsatisfiable'],
    apply(draft, { params, subject: { object, kind, pod } }) {
      const { whenUnsatisfiable, topologyKeys } = params;
      if (pod === undefined || whenUnsatisfiable === undefined) return;
      const selector = property(object.spec, 'selector');
      if (!isRecord(selector)) return;
      const labelSelector = selectorOf(selector);
      // A custom kind may select in its own way.
      if (!matchesLabelSelector(labelSelector, pod.podMetadata.labels)) return;
      const podSpec = propertyAt(draft, [...(kind.template ?? []), 'spec']);
      if (!isRecord(podSpec)) return;
      const constraints = podSpec['topologySpreadConstraints'] ?? [];
      if (!Array.isArray(constraints)) return;
      const missing = topologyKeys
        .filter((key) => !isSpread(pod, key))
        .filter((key) => !records(constraints as object[]).some((one) => covers(one, key)))
        .map((topologyKey) => ({ maxSkew: 1, topologyKey, whenUnsatisfiable, labelSelector }));
      if (missing.length > 0) {
        Object.assign(podSpec, { topologySpreadConstraints: [...(constraints as unknown[]), ...missing] });
      }
    },
  },
});

function covers(term: { readonly topologyKey?: unknown }, key: string): boolean {
  return term.topologyKey === key || (key === zone && term.topologyKey === oldZone);
}

/** A term that does not select the pods that carry it says nothing about how these lie to each other. */
function isSpread({ podSpec, podMetadata, containers, workload }: PodSubject, key: string): boolean {
  const selects = (selector: LabelSelector | null | undefined): boolean =>
    matchesLabelSelector(selector, podMetadata.labels);
  // The scheduler takes pods out that have the same value; of keys that a pod lacks it takes no notice.
  const leavesOwnOut = ({ mismatchLabelKeys }: PodAffinityTerm): boolean =>
    list(mismatchLabelKeys).some((label) => property(podMetadata.labels, text(label) ?? '') !== undefined);
  const keepsApart = (term: PodAffinityTerm): boolean =>
    selects(term.labelSelector) && !leavesOwnOut(term) && isAbout(term, workload.namespace);
  for (const constraint of records(podSpec.topologySpreadConstraints)) {
    if (covers(constraint, key) && selects(constraint.labelSelector)) return true;
  }
  const apart = podSpec.affinity?.podAntiAffinity;
  for (const term of records(apart?.requiredDuringSchedulingIgnoredDuringExecution)) {
    // What must not share a zone, or a rack, cannot share a node.
    if ((key === host || covers(term, key)) && keepsApart(term)) return true;
  }
  for (const preferred of records(apart?.preferredDuringSchedulingIgnoredDuringExecution)) {
    const term = preferred.podAffinityTerm;
    if (term != null && covers(term, key) && keepsApart(term)) return true;
  }
  // Two pods with the same port of the node never share one; with hostNetwork every port is such a port. Those of init
  // containers, which end, the scheduler leaves alone.
  return (
    key === host &&
    containers.some(
      ({ containerClass, container: { ports } }) =>
        containerClass !== 'init' &&
        records(ports).some(
          ({ hostPort }) => (typeof hostPort === 'number' && hostPort > 0) || podSpec.hostNetwork === true,
        ),
    )
  );
}

/** Whether a term looks at pods of the namespace. Which namespaces a selector means, the object does not say. */
function isAbout({ namespaces, namespaceSelector }: PodAffinityTerm, namespace: string | undefined): boolean {
  const names = list(namespaces);
  return (
    names.length === 0 || namespaceSelector != null || namespace === undefined || names.includes(namespace)
  );
}

/** The selector of a workload as a constraint takes it; that of a ReplicationController is a plain map. */
function selectorOf(selector: JsonRecord): LabelSelector {
  const isPlain = entries(selector).every(([, value]) => typeof value === 'string');
  return isPlain ? { matchLabels: selector as Record<string, string> } : selector;
}
