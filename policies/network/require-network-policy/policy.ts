import {
  ciliumPolicyKinds,
  definePolicy,
  indexSelectors,
  isMadeByWorkload,
  list,
  rememberOf,
  type Facts,
  type NetworkPolicy,
} from '#sdk';
import { z } from 'zod';
import { calicoPolicyKinds, closedByCalico } from './calico-policies.ts';
import { closedByCilium } from './cilium-policies.ts';
import { closedByClusterPolicies, clusterPolicyKinds } from './cluster-policies.ts';
import { selectedPod, type Closed, type SelectedPod } from './selected-pod.ts';

export default definePolicy({
  id: 'require-network-policy',
  category: 'network',
  title: 'Require a network policy for ingress and egress',
  severity: 'medium',
  target: 'relation',
  kinds: ['Workload'],
  facts: ['NetworkPolicy', ...ciliumPolicyKinds, ...calicoPolicyKinds, ...clusterPolicyKinds],
  optionalFacts: ['Namespace'],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    both: 'No network policy selects the pods of {kind} {name}: anybody may connect to them, and they to anything.',
    ingress: 'No network policy for ingress selects the pods of {kind} {name}: anybody may connect to them.',
    egress: 'No network policy for egress selects the pods of {kind} {name}: they may connect to anything.',
  },
  why: 'Pods accept and open every connection until a policy selects them: one that is broken into reaches every other pod, the metadata service of the cloud and the internet.',
  remediation: {
    both: 'Add a NetworkPolicy whose podSelector matches the pods (or is empty, for the whole namespace) with policyTypes: [Ingress, Egress], and allow what they need, DNS first.',
    ingress:
      'Select the pods with a NetworkPolicy that has Ingress among its policyTypes, and allow those who call them.',
    egress:
      'Select the pods with a NetworkPolicy that has Egress among its policyTypes, and allow what they call, DNS first.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies',
    'https://docs.cilium.io/en/stable/security/policy/',
    'https://docs.tigera.io/calico/latest/network-policy/',
    'https://network-policy-api.sigs.k8s.io/',
  ],
  validate(subject, { report }) {
    const { object, kind, pod, facts, at } = subject;
    // Of a PodTemplate alone nobody makes pods.
    if (pod === undefined || kind.kind === 'PodTemplate' || isMadeByWorkload(object)) return;
    // Policies do not apply to pods in the network of their node.
    if (pod.podSpec.hostNetwork === true) return;
    const closed = { ingress: false, egress: false };
    for (const { ingress, egress } of closedBy(facts, selectedPod(pod, subject))) {
      closed.ingress ||= ingress;
      closed.egress ||= egress;
      if (closed.ingress && closed.egress) return;
    }
    const message = closed.ingress ? 'egress' : closed.egress ? 'ingress' : 'both';
    report({ message, at: at('metadata', 'name') });
  },
});

function* closedBy(facts: Facts, pod: SelectedPod): Iterable<Closed> {
  yield* selecting(facts.list('NetworkPolicy', pod.namespace))(pod.labels);
  yield* closedByCilium(facts, pod);
  yield* closedByCalico(facts, pod);
  yield* closedByClusterPolicies(facts, pod);
}

/** No selector selects all, as an empty one does. */
const selecting = rememberOf((policies: readonly NetworkPolicy[]) =>
  indexSelectors(policies.map(({ spec }) => [spec?.podSelector ?? {}, closedIn(spec)] as const)),
);

/** Source: SetDefaults_NetworkPolicy in kubernetes/pkg/apis/networking/v1/defaults.go. */
function closedIn(spec: NetworkPolicy['spec']): Closed {
  const types = list(spec?.policyTypes);
  if (types.length === 0) return { ingress: true, egress: list(spec?.egress).length > 0 };
  return { ingress: types.includes('Ingress'), egress: types.includes('Egress') };
}
