import { isRecord, property, propertyAt, records, text } from './json.ts';
import { builtinKinds, kindKey, keysOfKind, type KindInfo } from './kinds.ts';
import type { PodSpec } from './kubernetes.ts';
import type { ContainerSubject, KubernetesObject, Workload, WorkloadFact } from './subjects.ts';

/**
 * Whether a container policy reports a setting of the whole pod with this container. It is reported once, with the
 * pod's first container; and with a debugging container that inherits it (`own` is absent), because a request that
 * adds one is judged by that one alone.
 *
 * @example
 * if (pod.podSpec.securityContext?.runAsUser === 0 && speaksForPod(subject, container.securityContext?.runAsUser)) …
 */
export function speaksForPod(subject: ContainerSubject, own: unknown): boolean {
  return subject.pod.containers[0] === subject || (subject.containerClass === 'ephemeral' && own == null);
}

/**
 * Whether the object says that a controller made it and keeps it (`metadata.ownerReferences[].controller`). Anybody
 * can write such a reference: it may spare an object a hint, never a rule that protects something.
 */
export function isControlled({ metadata }: KubernetesObject): boolean {
  return records(metadata?.ownerReferences).some(({ controller }) => controller === true);
}

/** Keys of the kinds that make pods and are judged themselves. */
const makers: ReadonlySet<string> = new Set(
  Object.values(builtinKinds)
    .filter(({ template }) => template !== undefined)
    .flatMap(keysOfKind),
);

/**
 * Whether the object says that a workload of Kubernetes itself made it (a ReplicaSet of a Deployment, a Pod of a Job),
 * so that whatever is wrong with it was said of its maker. What an operator made for a custom resource is not: nobody
 * has judged that. Never throws.
 *
 * @example isMadeByWorkload(replicaSetOfADeployment) // true
 */
export function isMadeByWorkload({ metadata }: KubernetesObject): boolean {
  return records(metadata?.ownerReferences).some(
    ({ controller, apiVersion, kind }) =>
      controller === true && makers.has(kindKey(text(apiVersion) ?? '', text(kind) ?? '')),
  );
}

/**
 * What an object of a kind makes pods from: a Pod is its own template. Undefined where there is no template. Never throws.
 *
 * @example podTemplateOf(builtinKinds.Deployment, deployment)?.podSpec.containers
 */
export function podTemplateOf(
  { template: keys }: Pick<KindInfo, 'template'>,
  object: unknown,
): Pick<WorkloadFact, 'podMetadata' | 'podSpec'> | undefined {
  const template = keys && propertyAt(object, keys);
  const podSpec = property(template, 'spec');
  if (!isRecord(podSpec)) return undefined;
  const podMetadata = property(template, 'metadata');
  return { podMetadata: isRecord(podMetadata) ? podMetadata : {}, podSpec };
}

/**
 * An object as what makes pods, undefined where it has no pod template. Never throws.
 *
 * @example asWorkload(builtinKinds.Deployment, deployment, 'shop')?.podMetadata.labels
 */
export function asWorkload(
  kind: KindInfo,
  object: Workload,
  namespace: string | undefined,
): WorkloadFact | undefined {
  const template = podTemplateOf(kind, object);
  return template && { kind, object, namespace, ...template };
}

/**
 * Whether a pod is the picture of a static pod: the kubelet makes it to show what it runs from its own files, and
 * nothing that is written into it changes anything.
 *
 * Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-config-mirror
 *
 * @example isMirrorPod({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'e1b7' } } }) // true
 */
export function isMirrorPod({ metadata }: KubernetesObject): boolean {
  return property(metadata?.annotations, 'kubernetes.io/config.mirror') !== undefined;
}

/**
 * Whether a pod runs on Windows nodes only: it says so (`spec.os.name`), or its node selector does. The kubelet of
 * any other node refuses both, so nobody escapes a policy by writing it. Never throws.
 *
 * Source: https://kubernetes.io/docs/concepts/windows/user-guide/ and kubernetes/pkg/kubelet/lifecycle/predicate.go.
 *
 * @example
 * runsOnWindows({ nodeSelector: { 'kubernetes.io/os': 'windows' } }); // true
 */
export function runsOnWindows(podSpec: PodSpec): boolean {
  const named = property(podSpec.os, 'name');
  if (typeof named === 'string' && named !== '') return named === 'windows';
  return property(podSpec.nodeSelector, 'kubernetes.io/os') === 'windows';
}
