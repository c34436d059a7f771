import {
  definePolicy,
  list,
  matchesName,
  namePatterns,
  property,
  text,
  type Facts,
  type KubernetesObject,
  type Subject,
} from '#sdk';
import { z } from 'zod';

/** Cluster roles for users that the API server makes; the others of its own begin with `system:`. */
const userFacing: ReadonlySet<string> = new Set(['cluster-admin', 'admin', 'edit', 'view']);

export default definePolicy({
  id: 'require-binding-target',
  category: 'rbac',
  title: 'Require the role and the service accounts of a binding',
  severity: 'medium',
  target: 'relation',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  facts: ['Role', 'ClusterRole', 'ServiceAccount'],
  profiles: { baseline: 'warn' },
  params: z.strictObject({
    roles: namePatterns
      .default([])
      .describe('Roles and ClusterRoles that exist though nothing here shows it; a name may end in *'),
    serviceAccounts: namePatterns
      .default([])
      .describe(
        'Service accounts that exist though nothing here shows it, as namespace/name; a name may end in *',
      ),
  }),
  messages: {
    role: '{kind} {name} gives the Role {role}, and there is none of that name in its namespace.',
    clusterRole: '{kind} {name} gives the ClusterRole {role}, and there is none of that name.',
    account: '{kind} {name} gives rights to the service account {account}, and there is none of that name.',
  },
  why: 'A binding that leads nowhere gives nobody what it seems to give; and whoever makes the missing account or role later gets or hands out the rights that wait there.',
  remediation: {
    role: 'Add the Role {role} to the namespace, or make the binding anew with a role that exists: roleRef cannot be changed.',
    clusterRole:
      'Add the ClusterRole {role}, or make the binding anew with a role that exists: roleRef cannot be changed.',
    account:
      'Add the ServiceAccount {account}, correct its name or namespace, or take it out of the binding.',
  },
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodic-review',
  ],
  validate({ object, namespace, facts, at }, { params, report }) {
    const role = text(object.roleRef?.name) ?? '';
    const roleKind = object.roleRef?.kind;
    if (role !== '' && (roleKind === 'Role' || roleKind === 'ClusterRole')) {
      const isOfCluster = roleKind === 'ClusterRole';
      const exists =
        matchesName(role, params.roles) ||
        (isOfCluster ? hasClusterRole(facts, role) : hasRole(facts, role, namespace));
      const message = isOfCluster ? 'clusterRole' : 'role';
      if (!exists) report({ message, at: at('roleRef', 'name'), data: { role } });
    }
    if (isBootstrapped(object)) return;
    list(object.subjects).forEach((subject: Subject | null, index) => {
      const name = text(property(subject, 'name')) ?? '';
      if (property(subject, 'kind') !== 'ServiceAccount' || name === '' || name === 'default') return;
      const home = text(property(subject, 'namespace')) || namespace;
      const account = home === undefined ? name : `${home}/${name}`;
      if (matchesName(account, params.serviceAccounts) || hasAccount(facts, name, home, namespace)) return;
      report({ message: 'account', at: at('subjects', index, 'name'), data: { account } });
    });
  },
});

function hasClusterRole(facts: Facts, name: string): boolean {
  if (userFacing.has(name) || name.startsWith('system:')) return true;
  return facts.find('ClusterRole', name, undefined) !== undefined;
}

/** In kube-system and kube-public the API server has a few of its own, and in no other namespace. */
function hasRole(facts: Facts, name: string, namespace: string | undefined): boolean {
  if (namespace === 'kube-system' && name === 'extension-apiserver-authentication-reader') return true;
  const isOfOthers = namespace !== undefined && namespace !== 'kube-system' && namespace !== 'kube-public';
  return (name.startsWith('system:') && !isOfOthers) || facts.find('Role', name, namespace) !== undefined;
}

/**
 * Kubernetes binds its own controllers, DNS and cloud providers before they are there, and some never come. Source:
 * k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
 */
function isBootstrapped({ metadata }: KubernetesObject): boolean {
  const name = text(metadata?.name) ?? '';
  return (
    name.startsWith('system:') &&
    property(metadata?.labels, 'kubernetes.io/bootstrapping') === 'rbac-defaults'
  );
}

/**
 * A manifest that names no namespace may be meant for this one. Of another namespace nothing is said as long as
 * nothing of it is at hand; one that lives has at least the account default, and one that a whole cluster does not
 * have has no accounts. Manifests never show all of kube-system: Kubernetes makes accounts there for its controllers.
 */
function hasAccount(
  facts: Facts,
  name: string,
  home: string | undefined,
  bindingNamespace: string | undefined,
): boolean {
  if (facts.find('ServiceAccount', name, home) !== undefined) return true;
  if (home === bindingNamespace) return false;
  if (facts.find('ServiceAccount', name, undefined) !== undefined) return true;
  const isOfOthers = home === 'kube-system' || facts.list('ServiceAccount', home).length === 0;
  return isOfOthers && !isWholeCluster(facts);
}

/** Only a cluster gives uids, and every cluster has this account: where it is at hand, all accounts are. */
function isWholeCluster(facts: Facts): boolean {
  return facts.find('ServiceAccount', 'default', 'kube-system')?.metadata?.uid != null;
}
