import {
  customKind,
  definePolicy,
  entries,
  matchesLabelSelector,
  property,
  records,
  type Facts,
  type KubernetesObject,
  type LabelSelector,
  type ObjectMeta,
} from '#sdk';
import { z } from 'zod';

/** Namespaces that Kubernetes makes for itself: a quota there keeps its own pods out. */
const ofKubernetes: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

interface ClusterResourceQuota extends KubernetesObject {
  readonly spec?: {
    readonly quota?: { readonly hard?: Readonly<Record<string, unknown>> | null } | null;
    readonly selector?: {
      readonly labels?: LabelSelector | null;
      readonly annotations?: Readonly<Record<string, string>> | null;
    } | null;
  } | null;
}

/** OpenShift's quota over several namespaces. Source: its API reference, ClusterResourceQuota. */
const clusterResourceQuota = customKind<ClusterResourceQuota>({
  group: 'quota.openshift.io',
  versions: ['v1'],
  kind: 'ClusterResourceQuota',
  resource: 'clusterresourcequotas',
  namespaced: false,
});

export default definePolicy({
  id: 'require-namespace-quota',
  category: 'resources',
  title: 'Require a quota and default resources for each namespace',
  severity: 'low',
  target: 'relation',
  kinds: ['Namespace'],
  facts: ['ResourceQuota', 'LimitRange', 'Workload'],
  optionalFacts: [clusterResourceQuota],
  profiles: { restricted: 'warn' },
  params: z.strictObject({}),
  messages: {
    quota: 'Namespace {name} has workloads and no ResourceQuota.',
    limitRange: 'Namespace {name} has workloads and no LimitRange.',
  },
  why: 'Without a quota one namespace can take all that a cluster has; without a LimitRange a container that states nothing gets nothing, and under a quota it is refused.',
  remediation: {
    quota:
      'Add a ResourceQuota whose spec.hard bounds what the namespace may ask for, such as requests.cpu, requests.memory and pods.',
    limitRange:
      'Add a LimitRange with an item of type Container that sets default and defaultRequest for cpu and memory.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
  ],
  validate({ object, name, facts, at }, { report }) {
    if (ofKubernetes.has(name) || object.metadata?.deletionTimestamp != null) return;
    if (facts.workloads(name).length === 0) return;
    const place = at('metadata', 'name');
    if (!hasQuota(facts, name, object.metadata)) report({ message: 'quota', at: place });
    const ranges = facts.list('LimitRange', name);
    if (!ranges.some(({ spec }) => records(spec?.limits).length > 0))
      report({ message: 'limitRange', at: place });
  },
});

/** A quota that bounds nothing is none. */
function hasQuota(facts: Facts, name: string, metadata: ObjectMeta | null | undefined): boolean {
  return (
    facts.list('ResourceQuota', name).some(({ spec }) => entries(spec?.hard).length > 0) ||
    facts.all(clusterResourceQuota).some(({ spec }) => {
      const { labels, annotations } = spec?.selector ?? {};
      // Both have to match where both are there; a quota without either selects no namespace.
      if (entries(spec?.quota?.hard).length === 0 || (labels == null && entries(annotations).length === 0))
        return false;
      return (
        (labels == null || matchesLabelSelector(labels, metadata?.labels)) &&
        entries(annotations).every(([key, value]) => property(metadata?.annotations, key) === value)
      );
    })
  );
}
