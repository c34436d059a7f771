import {
  builtinKinds,
  definePolicy,
  entries,
  gatewayKind,
  groupOf,
  isControlled,
  keyOfKind,
  kindKey,
  property,
  text,
  type BuiltinKind,
  type Facts,
} from '#sdk';
import { z } from 'zod';

const scalable = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'] as const;

export default definePolicy({
  id: 'require-hpa-target',
  category: 'autoscaling',
  title: 'Require the target of an autoscaler',
  severity: 'high',
  target: 'relation',
  kinds: ['HorizontalPodAutoscaler'],
  facts: scalable,
  optionalFacts: ['Workload', gatewayKind],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: {
    missing:
      'HorizontalPodAutoscaler {name} scales {targetKind} {target}, and there is none of that name in its namespace.',
    notScalable:
      'HorizontalPodAutoscaler {name} scales {targetKind} {target}, which has no replicas to scale.',
    unknownKind:
      'HorizontalPodAutoscaler {name} scales {targetKind} {target} of {apiVersion}, where Kubernetes has no such kind.',
  },
  why: 'An autoscaler whose target is not there is only an event that nobody reads: the workload stays at the size it has, and that shows when the load comes.',
  remediation: {
    missing: 'Set spec.scaleTargetRef.name to the {targetKind} that is meant, or remove the autoscaler.',
    notScalable: 'Let spec.scaleTargetRef name a Deployment or a StatefulSet, or remove the autoscaler.',
    unknownKind:
      'Set spec.scaleTargetRef.apiVersion to that of the workload: apps/v1 for Deployments, StatefulSets and ReplicaSets.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/',
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/',
  ],
  validate({ object, namespace, facts, at }, { report }) {
    // KEDA and its like are told what to scale in objects of their own.
    if (isControlled(object)) return;
    const reference = property(object.spec, 'scaleTargetRef');
    const [targetKind = '', target = '', apiVersion = ''] = ['kind', 'name', 'apiVersion'].map((field) =>
      text(property(reference, field)),
    );
    if (targetKind === '' || target === '') return;
    const key = kindKey(apiVersion, targetKind);
    const known = builtin.get(key);
    const isScalable = scalable.find((name) => name === known);
    const data = { targetKind, target };
    if (isScalable !== undefined) {
      if (facts.find(isScalable, target, namespace) !== undefined) return;
      if (isScalable === 'ReplicaSet' && mayBeOfDeployment(target, facts, namespace)) return;
      if (isScalable === 'Deployment' && mayBeOfGateway(target, facts, namespace)) return;
      report({ message: 'missing', at: at('spec', 'scaleTargetRef', 'name'), data });
    } else if (known !== undefined) {
      report({ message: 'notScalable', at: at('spec', 'scaleTargetRef', 'kind'), data });
    } else if (isOfKubernetes(apiVersion)) {
      report({
        message: 'unknownKind',
        at: at('spec', 'scaleTargetRef', 'apiVersion'),
        data: { ...data, apiVersion: apiVersion === '' ? 'v1' : apiVersion },
      });
    } else if (isMissingCustom(key, target, facts, namespace)) {
      report({ message: 'missing', at: at('spec', 'scaleTargetRef', 'name'), data });
    }
  },
});

/** By the group that serves them: an autoscaler looks its target up there, and former groups are gone. */
const builtin: ReadonlyMap<string, BuiltinKind> = new Map(
  entries(builtinKinds).map(([name, kind]) => [keyOfKind(kind), name as BuiltinKind]),
);
const groups: ReadonlySet<string> = new Set(
  Object.values(builtinKinds).flatMap(({ group, formerGroups = [] }) => [group, ...formerGroups]),
);

/** Whether it is the API version of a group in which nobody else defines kinds. */
function isOfKubernetes(apiVersion: string): boolean {
  return groups.has(groupOf(apiVersion));
}

/** Facts leave out what a Deployment made itself. */
function mayBeOfDeployment(replicaSet: string, facts: Facts, namespace: string | undefined): boolean {
  return facts
    .list('Deployment', namespace)
    .some(({ metadata }) => replicaSet.startsWith(`${text(metadata?.name) ?? ''}-`));
}

/**
 * Whether a controller of the Gateway API makes a Deployment of that name: after the Gateway and its class, as Istio
 * and NGINX Gateway Fabric do, or after the Gateway alone, as Istio does for waypoints and kgateway for all.
 *
 * Source: https://gateway-api.sigs.k8s.io/geps/gep-1762/
 */
function mayBeOfGateway(deployment: string, facts: Facts, namespace: string | undefined): boolean {
  return facts.list(gatewayKind, namespace).some(({ metadata, spec }) => {
    const name = text(metadata?.name) ?? '';
    return deployment === name || deployment === `${name}-${text(property(spec, 'gatewayClassName')) ?? ''}`;
  });
}

/** What else makes pods is known by those that there are: where there are none of a kind, nobody can tell. */
function isMissingCustom(key: string, target: string, facts: Facts, namespace: string | undefined): boolean {
  const same = facts.has('Workload')
    ? facts.workloads(namespace).filter(({ kind }) => `${kind.group}/${kind.kind}` === key)
    : [];
  return same.length > 0 && !same.some(({ object }) => object.metadata?.name === target);
}
