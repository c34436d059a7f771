import { isRecord, list, property, text } from './json.ts';
import type { PolicyRule, Subject } from './kubernetes.ts';
import type { KubernetesObject } from './subjects.ts';

/** What a rule of a role may allow: one of the verbs on a resource, with its subresource after a slash. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

/**
 * Requests for these verbs name no object, so that names in a rule do not match them; a watch or list may. Server-side
 * apply, which is a patch, creates under a name: there the API server asks for create with it.
 */
const nameless: ReadonlySet<string> = new Set(['create', 'deletecollection']);
const collective: ReadonlySet<string> = new Set(['create', 'deletecollection', 'list', 'watch']);

/**
 * How far a rule grants a right: on all objects, only on those its `resourceNames` say, or not at all. `*` among the
 * resources means all of them and their subresources, `*` and a slash before a subresource that one of every
 * resource; `pods/*` means nothing to RBAC. A creation has no name yet, so a rule with names grants none unless it
 * grants patch as well, for server-side apply. The empty name stands for requests without one. A blank item is the
 * empty text. Verbs are matched letter by letter. Never throws.
 *
 * Source: k8s.io/kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go, VerbMatches to ResourceNameMatches.
 *
 * @example
 * const rule = { apiGroups: [''], resources: ['*'], verbs: ['create'] };
 * extentOf(rule, { group: '', resource: 'pods/exec', verbs: ['create'] }); // 'all'
 */
export function extentOf(rule: PolicyRule, right: Right): 'all' | 'named' | undefined {
  if (!hasItem(rule.apiGroups, right.group) || !hasResource(rule.resources, right.resource)) return undefined;
  const verbs = list(rule.verbs);
  const names = list(rule.resourceNames);
  const isSubresource = right.resource.includes('/');
  const grants = (verb: string): boolean => verbs.includes(verb) || verbs.includes('*');
  let extent: 'named' | undefined;
  for (const verb of right.verbs) {
    if (!grants(verb)) continue;
    if (names.length === 0) return 'all';
    if (!isSubresource && collective.has(verb) && includesText(names, '')) return 'all';
    if (isSubresource || !nameless.has(verb) || (verb === 'create' && grants('patch'))) extent = 'named';
  }
  return extent;
}

function hasItem(items: readonly string[] | null | undefined, wanted: string): boolean {
  const found = list(items);
  return found.includes('*') || includesText(found, wanted);
}

/** Items that were left blank (null) are empty text to the API server: among the groups, the core group. */
function includesText(items: readonly (string | null)[], wanted: string): boolean {
  return items.includes(wanted) || (wanted === '' && items.includes(null));
}

function hasResource(items: readonly string[] | null | undefined, wanted: string): boolean {
  const found = list(items);
  if (found.includes('*') || found.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash !== -1 && found.includes(`*${wanted.slice(slash)}`);
}

/**
 * Whether a rule grants every verb on every resource of every API group, whatever their names. Never throws.
 *
 * Source: k8s.io/kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go, VerbMatches to ResourceNameMatches.
 *
 * @example allowsEverything({ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }) // true
 */
export function allowsEverything({ apiGroups, resources, verbs, resourceNames }: PolicyRule): boolean {
  return (
    [apiGroups, resources, verbs].every((field) => list(field).includes('*')) &&
    list(resourceNames).length === 0
  );
}

/**
 * Whether the rules of a ClusterRole are written by a controller that collects them from other roles: what stands in
 * them is judged there. Only somebody who has all rights may write such a role. Never throws.
 *
 * Source: Kubernetes, RBAC, aggregated ClusterRoles.
 *
 * @example
 * if (isAggregated(object)) return;
 */
export function isAggregated(role: KubernetesObject): boolean {
  // In a Role the field means nothing.
  if (role.kind !== 'ClusterRole') return false;
  const selectors = property(property(role, 'aggregationRule'), 'clusterRoleSelectors');
  return Array.isArray(selectors) && selectors.some(isRecord);
}

/** The label that the API server gives the roles and bindings it makes. */
const bootstrapping = 'kubernetes.io/bootstrapping';

/** Roles of Kubernetes itself that hold rights policies object to. */
const bootstrapRoles: ReadonlySet<string> = new Set([
  'cluster-admin',
  'admin',
  'edit',
  'view',
  'system:aggregate-to-admin',
  'system:aggregate-to-edit',
  'system:aggregate-to-view',
  'system:kube-controller-manager',
  'system:kubelet-api-admin',
  'system:node',
  'system:persistent-volume-provisioner',
  ...[
    'bootstrap-signer',
    'certificate-controller',
    'clusterrole-aggregation-controller',
    'disruption-controller',
    'expand-controller',
    'generic-garbage-collector',
    'horizontal-pod-autoscaler',
    'legacy-service-account-token-cleaner',
    'namespace-controller',
    'persistent-volume-binder',
    'resourcequota-controller',
    'storage-version-migrator-controller',
    'token-cleaner',
  ].map((name) => `system:controller:${name}`),
]);

/**
 * Whether a role is one that the API server makes and mends at every start. Anybody may set its label and most
 * names that begin with `system:`, so that both have to be right, and a Role in another namespace than its own is none.
 * Never throws.
 *
 * Source: k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
 *
 * @example
 * if (isBootstrapRole(object)) return;
 */
export function isBootstrapRole({ metadata }: KubernetesObject): boolean {
  if (property(metadata?.labels, bootstrapping) !== 'rbac-defaults') return false;
  const namespace = metadata?.namespace ?? 'kube-system';
  return namespace === 'kube-system' && bootstrapRoles.has(text(metadata?.name) ?? '');
}

/**
 * The service account a subject of a binding stands for, as `namespace/name`: a ServiceAccount, or the user name
 * that one has (`system:serviceaccount:shop:cart`). Where nobody says the namespace it is the name alone. Never throws.
 *
 * Source: k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/rbac.go, appliesToUser.
 *
 * @example
 * serviceAccountOf({ kind: 'User', name: 'system:serviceaccount:shop:cart' }, undefined); // 'shop/cart'
 */
export function serviceAccountOf(subject: Subject, bindingNamespace: string | undefined): string | undefined {
  const name = text(subject.name) ?? '';
  if (subject.kind === 'ServiceAccount') {
    const namespace = text(subject.namespace) || (bindingNamespace ?? '');
    return namespace === '' ? name : `${namespace}/${name}`;
  }
  if (subject.kind !== 'User' || !name.startsWith(accountUser)) return undefined;
  return name.slice(accountUser.length).replace(':', '/');
}

const accountUser = 'system:serviceaccount:';

/**
 * Whether a subject is a group of service accounts: of all (`system:serviceaccounts`) or of one namespace
 * (`system:serviceaccounts:shop`). Never throws.
 *
 * @example
 * isServiceAccountGroup({ kind: 'Group', name: 'system:serviceaccounts' }); // true
 */
export function isServiceAccountGroup({ kind, name }: Subject): boolean {
  return kind === 'Group' && typeof name === 'string' && /^system:serviceaccounts(?::|$)/.test(name);
}
