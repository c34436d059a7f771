import { entries, isRecord, list, property, type ApiVersion, type KubernetesObject } from '#sdk';

/** Whether an object of the old version means the same in the new one, once its apiVersion says so. */
type Compatible = (object: KubernetesObject) => boolean;

const always: Compatible = () => true;

/** apps/v1 wants a selector, where the older versions took the labels of the template; rollbackTo is gone. */
const workload: Compatible = (object) => {
  const spec = property(object, 'spec');
  const selector = property(spec, 'selector');
  const gone = ['rollbackTo', 'templateGeneration'].some((field) => property(spec, field) !== undefined);
  return isRecord(selector) && Object.keys(selector).length > 0 && !gone;
};

/** Without a strategy, the first versions waited until somebody deleted the pods (OnDelete); apps/v1 replaces them. */
const withStrategy: Compatible = (object) =>
  workload(object) && property(property(property(object, 'spec'), 'updateStrategy'), 'type') != null;

/** An empty selector chooses no pods in policy/v1beta1, and all of the namespace in policy/v1. */
const budget: Compatible = (object) => {
  const selector = property(property(object, 'spec'), 'selector');
  const [labels, expressions] = [property(selector, 'matchLabels'), property(selector, 'matchExpressions')];
  return entries(labels).length > 0 || list(expressions as readonly unknown[]).length > 0;
};

/** autoscaling/v2beta1 says its metrics in another way. */
const withoutMetrics: Compatible = (object) => property(property(object, 'spec'), 'metrics') === undefined;

/** v1 reads a concurrency of 0 as none, the versions before it as the default. */
const shares: Compatible = (object) => {
  const limited = property(property(object, 'spec'), 'limited');
  return property(limited, 'nominalConcurrencyShares') !== 0;
};

/**
 * From one version to another, where nothing else has to change. What is missing here has fields that are called
 * otherwise, or must be set: Ingress, CustomResourceDefinition, webhook configurations, CertificateSigningRequest,
 * EndpointSlice, ResourceClaim of v1beta1. Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
const moves: Readonly<Record<string, Compatible>> = {
  'extensions/v1beta1 apps/v1 DaemonSet': withStrategy,
  'extensions/v1beta1 apps/v1 Deployment': workload,
  'extensions/v1beta1 apps/v1 ReplicaSet': workload,
  'apps/v1beta1 apps/v1 ControllerRevision': always,
  'apps/v1beta1 apps/v1 Deployment': workload,
  'apps/v1beta1 apps/v1 StatefulSet': withStrategy,
  'apps/v1beta2 apps/v1 ControllerRevision': always,
  'apps/v1beta2 apps/v1 DaemonSet': workload,
  'apps/v1beta2 apps/v1 Deployment': workload,
  'apps/v1beta2 apps/v1 ReplicaSet': workload,
  'apps/v1beta2 apps/v1 StatefulSet': workload,
  'extensions/v1beta1 networking.k8s.io/v1 NetworkPolicy': always,
  'admissionregistration.k8s.io/v1beta1 admissionregistration.k8s.io/v1 MutatingAdmissionPolicy': always,
  'admissionregistration.k8s.io/v1beta1 admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding':
    always,
  'admissionregistration.k8s.io/v1beta1 admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy': always,
  'admissionregistration.k8s.io/v1beta1 admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding':
    always,
  'apiregistration.k8s.io/v1beta1 apiregistration.k8s.io/v1 APIService': always,
  'autoscaling/v2beta1 autoscaling/v2 HorizontalPodAutoscaler': withoutMetrics,
  'autoscaling/v2beta2 autoscaling/v2 HorizontalPodAutoscaler': always,
  'batch/v1beta1 batch/v1 CronJob': always,
  'batch/v2alpha1 batch/v1 CronJob': always,
  'coordination.k8s.io/v1beta1 coordination.k8s.io/v1 Lease': always,
  'flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1 FlowSchema': always,
  'flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1 FlowSchema': always,
  'flowcontrol.apiserver.k8s.io/v1beta3 flowcontrol.apiserver.k8s.io/v1 FlowSchema': always,
  'flowcontrol.apiserver.k8s.io/v1beta3 flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration': shares,
  'networking.k8s.io/v1beta1 networking.k8s.io/v1 IPAddress': always,
  'networking.k8s.io/v1beta1 networking.k8s.io/v1 IngressClass': always,
  'networking.k8s.io/v1beta1 networking.k8s.io/v1 ServiceCIDR': always,
  'node.k8s.io/v1beta1 node.k8s.io/v1 RuntimeClass': always,
  'policy/v1beta1 policy/v1 Eviction': always,
  'policy/v1beta1 policy/v1 PodDisruptionBudget': budget,
  'rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1 ClusterRole': always,
  'rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1 ClusterRoleBinding': always,
  'rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1 Role': always,
  'rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1 RoleBinding': always,
  'resource.k8s.io/v1beta2 resource.k8s.io/v1 DeviceClass': always,
  'resource.k8s.io/v1beta2 resource.k8s.io/v1 ResourceClaim': always,
  'resource.k8s.io/v1beta2 resource.k8s.io/v1 ResourceClaimTemplate': always,
  'resource.k8s.io/v1beta2 resource.k8s.io/v1 ResourceSlice': always,
  'scheduling.k8s.io/v1alpha1 scheduling.k8s.io/v1 PriorityClass': always,
  'scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1 PriorityClass': always,
  'storage.k8s.io/v1alpha1 storage.k8s.io/v1 VolumeAttributesClass': always,
  'storage.k8s.io/v1beta1 storage.k8s.io/v1 CSIDriver': always,
  'storage.k8s.io/v1beta1 storage.k8s.io/v1 CSINode': always,
  'storage.k8s.io/v1beta1 storage.k8s.io/v1 CSIStorageCapacity': always,
  'storage.k8s.io/v1beta1 storage.k8s.io/v1 StorageClass': always,
  'storage.k8s.io/v1beta1 storage.k8s.io/v1 VolumeAttachment': always,
  'storage.k8s.io/v1beta1 storage.k8s.io/v1 VolumeAttributesClass': always,
};

/** Whether nothing but the apiVersion has to change for the object to become one of its successor. */
export function isCompatible(object: KubernetesObject, from: ApiVersion, to: ApiVersion): boolean {
  const move = `${from.apiVersion} ${to.apiVersion} ${to.kind}`;
  return from.kind === to.kind && Object.hasOwn(moves, move) && moves[move]?.(object) === true;
}
