import type * as k8s from './kubernetes.ts';

/** What daygate has to know about a kind to find its objects and the pods inside them. */
export interface KindInfo {
  readonly kind: string;
  /** API group, empty for the core group. */
  readonly group: string;
  /** Groups that served the same objects before; they are judged like the present one. */
  readonly formerGroups?: readonly string[];
  /** Served versions a webhook rule names; with matchPolicy Equivalent the API server converts the others. */
  readonly versions: readonly string[];
  /** Plural resource name, as in URLs and webhook rules. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** Where the pod template (metadata + spec) lies; absent for kinds that make no pods. */
  readonly template?: readonly string[];
  /** Whether the kind has the `scale` subresource. */
  readonly scalable?: boolean;
}

/** The objects behind the built-in kind names. */
export interface BuiltinKinds {
  readonly Pod: k8s.Pod;
  readonly PodTemplate: k8s.PodTemplate;
  readonly Deployment: k8s.Deployment;
  readonly ReplicaSet: k8s.ReplicaSet;
  readonly StatefulSet: k8s.StatefulSet;
  readonly DaemonSet: k8s.DaemonSet;
  readonly Job: k8s.Job;
  readonly CronJob: k8s.CronJob;
  readonly ReplicationController: k8s.ReplicationController;
  readonly Service: k8s.Service;
  readonly ConfigMap: k8s.ConfigMap;
  readonly Secret: k8s.Secret;
  readonly ServiceAccount: k8s.ServiceAccount;
  readonly Namespace: k8s.Namespace;
  readonly PersistentVolume: k8s.PersistentVolume;
  readonly PersistentVolumeClaim: k8s.PersistentVolumeClaim;
  readonly ResourceQuota: k8s.ResourceQuota;
  readonly LimitRange: k8s.LimitRange;
  readonly PodDisruptionBudget: k8s.PodDisruptionBudget;
  readonly HorizontalPodAutoscaler: k8s.HorizontalPodAutoscaler;
  readonly Ingress: k8s.Ingress;
  readonly NetworkPolicy: k8s.NetworkPolicy;
  readonly Role: k8s.Role;
  readonly RoleBinding: k8s.RoleBinding;
  readonly ClusterRole: k8s.ClusterRole;
  readonly ClusterRoleBinding: k8s.ClusterRoleBinding;
  readonly APIService: k8s.APIService;
  readonly ValidatingWebhookConfiguration: k8s.ValidatingWebhookConfiguration;
  readonly MutatingWebhookConfiguration: k8s.MutatingWebhookConfiguration;
}

export type BuiltinKind = keyof BuiltinKinds;

const podTemplate = ['spec', 'template'];
const rbac = { group: 'rbac.authorization.k8s.io', versions: ['v1'] };
const webhooks = { group: 'admissionregistration.k8s.io', versions: ['v1'], namespaced: false };
const core = { group: '', versions: ['v1'], namespaced: true };
const apps = { group: 'apps', versions: ['v1'], namespaced: true, template: podTemplate };
const batch = { group: 'batch', versions: ['v1'], namespaced: true };

/** Built-in kinds by name. Source: the API reference of Kubernetes 1.36. */
export const builtinKinds: { readonly [K in BuiltinKind]: KindInfo } = {
  Pod: { kind: 'Pod', ...core, resource: 'pods', template: [] },
  PodTemplate: { kind: 'PodTemplate', ...core, resource: 'podtemplates', template: ['template'] },
  Deployment: {
    kind: 'Deployment',
    ...apps,
    formerGroups: ['extensions'],
    resource: 'deployments',
    scalable: true,
  },
  ReplicaSet: {
    kind: 'ReplicaSet',
    ...apps,
    formerGroups: ['extensions'],
    resource: 'replicasets',
    scalable: true,
  },
  StatefulSet: { kind: 'StatefulSet', ...apps, resource: 'statefulsets', scalable: true },
  DaemonSet: { kind: 'DaemonSet', ...apps, formerGroups: ['extensions'], resource: 'daemonsets' },
  Job: { kind: 'Job', ...batch, resource: 'jobs', template: podTemplate },
  CronJob: {
    kind: 'CronJob',
    ...batch,
    resource: 'cronjobs',
    template: ['spec', 'jobTemplate', 'spec', 'template'],
  },
  ReplicationController: {
    kind: 'ReplicationController',
    ...core,
    resource: 'replicationcontrollers',
    template: podTemplate,
    scalable: true,
  },
  Service: { kind: 'Service', ...core, resource: 'services' },
  ConfigMap: { kind: 'ConfigMap', ...core, resource: 'configmaps' },
  Secret: { kind: 'Secret', ...core, resource: 'secrets' },
  ServiceAccount: { kind: 'ServiceAccount', ...core, resource: 'serviceaccounts' },
  Namespace: { kind: 'Namespace', ...core, resource: 'namespaces', namespaced: false },
  PersistentVolume: { kind: 'PersistentVolume', ...core, resource: 'persistentvolumes', namespaced: false },
  PersistentVolumeClaim: { kind: 'PersistentVolumeClaim', ...core, resource: 'persistentvolumeclaims' },
  ResourceQuota: { kind: 'ResourceQuota', ...core, resource: 'resourcequotas' },
  LimitRange: { kind: 'LimitRange', ...core, resource: 'limitranges' },
  PodDisruptionBudget: {
    kind: 'PodDisruptionBudget',
    group: 'policy',
    versions: ['v1'],
    resource: 'poddisruptionbudgets',
    namespaced: true,
  },
  HorizontalPodAutoscaler: {
    kind: 'HorizontalPodAutoscaler',
    group: 'autoscaling',
    versions: ['v1', 'v2'],
    resource: 'horizontalpodautoscalers',
    namespaced: true,
  },
  Ingress: {
    kind: 'Ingress',
    group: 'networking.k8s.io',
    formerGroups: ['extensions'],
    versions: ['v1'],
    resource: 'ingresses',
    namespaced: true,
  },
  NetworkPolicy: {
    kind: 'NetworkPolicy',
    group: 'networking.k8s.io',
    formerGroups: ['extensions'],
    versions: ['v1'],
    resource: 'networkpolicies',
    namespaced: true,
  },
  Role: { kind: 'Role', ...rbac, resource: 'roles', namespaced: true },
  RoleBinding: { kind: 'RoleBinding', ...rbac, resource: 'rolebindings', namespaced: true },
  ClusterRole: { kind: 'ClusterRole', ...rbac, resource: 'clusterroles', namespaced: false },
  ClusterRoleBinding: {
    kind: 'ClusterRoleBinding',
    ...rbac,
    resource: 'clusterrolebindings',
    namespaced: false,
  },
  APIService: {
    kind: 'APIService',
    group: 'apiregistration.k8s.io',
    versions: ['v1'],
    resource: 'apiservices',
    namespaced: false,
  },
  ValidatingWebhookConfiguration: {
    kind: 'ValidatingWebhookConfiguration',
    ...webhooks,
    resource: 'validatingwebhookconfigurations',
  },
  MutatingWebhookConfiguration: {
    kind: 'MutatingWebhookConfiguration',
    ...webhooks,
    resource: 'mutatingwebhookconfigurations',
  },
};

/** A kind that comes with a CustomResourceDefinition; `O` is the shape a policy reads. */
export interface CustomKind<O = unknown> extends KindInfo {
  /** Never set: carries the type only. */
  readonly shape?: O;
}

/**
 * Declares a custom kind a policy looks at.
 *
 * @example
 * const PrometheusRule = customKind<{ spec?: { groups?: readonly unknown[] } }>({
 *   group: 'monitoring.coreos.com', versions: ['v1'], kind: 'PrometheusRule', resource: 'prometheusrules', namespaced: true,
 * });
 */
export function customKind<O>(info: KindInfo): CustomKind<O> {
  return info;
}

/**
 * Names a kind the way plans are looked up: its API group and kind, without the version, since all versions of
 * a kind are judged alike.
 *
 * @example kindKey('apps/v1', 'Deployment') // 'apps/Deployment'
 * @example kindKey('v1', 'Pod') // '/Pod'
 */
export function kindKey(apiVersion: string, kind: string): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/**
 * The API group of an apiVersion; empty for the core group.
 *
 * @example groupOf('apps/v1') // 'apps'
 */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}

/**
 * The same of what is known of a kind. Policies may declare a custom kind each for themselves: their key is the same.
 *
 * @example keyOfKind(gatewayKind) // 'gateway.networking.k8s.io/Gateway'
 */
export function keyOfKind({ group, kind }: Pick<KindInfo, 'group' | 'kind'>): string {
  return `${group}/${kind}`;
}

/** All keys under which objects of a kind may arrive, the present group first. */
export function keysOfKind({ group, formerGroups = [], kind }: KindInfo): readonly string[] {
  return [group, ...formerGroups].map((one) => keyOfKind({ group: one, kind }));
}

/**
 * What messages call a kind that a policy names.
 *
 * @example nameOfKind('Service') // 'Service'
 * @example nameOfKind(gatewayKind) // 'Gateway'
 */
export function nameOfKind(kind: string | Pick<KindInfo, 'kind'>): string {
  return typeof kind === 'string' ? kind : kind.kind;
}
