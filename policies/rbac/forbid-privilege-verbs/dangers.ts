import type { Right } from '#sdk';

const rbac = 'rbac.authorization.k8s.io';
const certificates = 'certificates.k8s.io';
const admission = 'admissionregistration.k8s.io';
const writing = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** A right that leads to others. */
export interface Danger {
  readonly message:
    | 'bind'
    | 'escalate'
    | 'impersonate'
    | 'kubelet'
    | 'token'
    | 'volume'
    | 'webhook'
    | 'mutation'
    | 'approval';
  readonly right: Right;
  /** Whether it concerns things that lie in no namespace. */
  readonly clusterScoped: boolean;
  /** With which `resourceNames` it is no better than without. */
  readonly names: readonly string[] | 'any';
}

type Place = Pick<Danger, 'clusterScoped' | 'names'>;
const cluster: Place = { clusterScoped: true, names: [] };
const anywhere: Place = { clusterScoped: false, names: [] };

function danger(
  message: Danger['message'],
  group: string,
  resource: string,
  verbs: readonly string[],
  place: Place,
): Danger {
  return { message, right: { group, resource, verbs }, ...place };
}

/** Those with the same message stand together: a rule is told each message once. */
export const dangers: readonly Danger[] = [
  // In a Role, too: it binds ClusterRoles in its namespace.
  danger('bind', rbac, 'clusterroles', ['bind'], { clusterScoped: false, names: ['cluster-admin'] }),
  danger('bind', rbac, 'roles', ['bind'], anywhere),
  // Whoever is bound to the one role he may write has all he writes into it.
  danger('escalate', rbac, 'clusterroles', ['escalate'], { clusterScoped: true, names: 'any' }),
  danger('escalate', rbac, 'roles', ['escalate'], { clusterScoped: false, names: 'any' }),
  danger('impersonate', '', 'users', ['impersonate'], cluster),
  danger('impersonate', '', 'groups', ['impersonate'], { clusterScoped: true, names: ['system:masters'] }),
  danger('impersonate', '', 'serviceaccounts', ['impersonate'], anywhere),
  // GET is enough: the kubelet runs commands over WebSockets, which begin with one.
  danger('kubelet', '', 'nodes/proxy', ['get', 'create', 'update', 'patch', 'delete'], {
    clusterScoped: true,
    names: 'any',
  }),
  danger('token', '', 'serviceaccounts/token', ['create'], anywhere),
  // Whatever its name.
  danger('volume', '', 'persistentvolumes', ['create'], { clusterScoped: true, names: 'any' }),
  danger('webhook', admission, 'mutatingwebhookconfigurations', writing, cluster),
  danger('webhook', admission, 'validatingwebhookconfigurations', writing, cluster),
  // What alters objects of others; to take one away opens nothing, and a binding needs its policy.
  danger('mutation', admission, 'mutatingadmissionpolicies', ['create', 'update', 'patch'], cluster),
  danger('approval', certificates, 'certificatesigningrequests/approval', ['update', 'patch'], cluster),
];

/** The consent to approve for signers whose certificates the API server takes for users. */
export const signers: Danger = danger('approval', certificates, 'signers', ['approve'], {
  clusterScoped: true,
  names: [
    'kubernetes.io/*',
    'kubernetes.io/kube-apiserver-client',
    'kubernetes.io/kube-apiserver-client-kubelet',
    'kubernetes.io/legacy-unknown',
  ],
});

const changing = ['create', 'update', 'patch'];

/** Pods, and what makes them. */
export const systemPods: readonly Right[] = [
  { group: '', resource: 'pods', verbs: ['create'] },
  { group: '', resource: 'replicationcontrollers', verbs: changing },
  ...['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map((resource) => ({
    group: 'apps',
    resource,
    verbs: changing,
  })),
  ...['jobs', 'cronjobs'].map((resource) => ({ group: 'batch', resource, verbs: changing })),
];
