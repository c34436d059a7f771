import {
  definePolicy,
  isRecord,
  isServiceAccountGroup,
  list,
  matchesName,
  namePatterns,
  serviceAccountOf,
  text,
  type Subject,
} from '#sdk';
import { z } from 'zod';

/** Everybody who can reach the API server, or has any account at all. */
const everyone: ReadonlySet<string> = new Set([
  'system:anonymous',
  'system:unauthenticated',
  'system:authenticated',
]);
/** Bindings that Kubernetes and kubeadm make, with the one group each of them has. */
const bootstrapped: ReadonlyMap<string, string> = new Map([
  ['cluster-admin', 'system:masters'],
  ['kubeadm:cluster-admins', 'kubeadm:cluster-admins'],
]);

export default definePolicy({
  id: 'forbid-cluster-admin-binding',
  category: 'rbac',
  title: 'Forbid bindings to cluster-admin',
  severity: 'critical',
  target: 'object',
  kinds: ['ClusterRoleBinding', 'RoleBinding'],
  profiles: { baseline: 'deny' },
  params: z.strictObject({
    allowedUsers: namePatterns.default([]).describe('Users that may be cluster-admin; a name may end in *'),
    allowedGroups: namePatterns.default([]).describe('Groups that may be cluster-admin; a name may end in *'),
    allowedServiceAccounts: namePatterns
      .default([])
      .describe('Service accounts that may be cluster-admin, as namespace/name; a name may end in *'),
  }),
  messages: {
    everyone: '{kind} {name} makes everybody cluster-admin who counts as {subject}.',
    workload: '{kind} {name} makes the workloads that run as {subject} cluster-admin.',
    unlisted: '{kind} {name} makes {subject} cluster-admin, who is not listed.',
    namespaced: '{kind} {name} gives all rights in its namespace, those to its quota and its roles included.',
  },
  onRecord: ['namespaced'],
  why: 'cluster-admin may do everything to everything: whoever breaks into one such workload or account owns the cluster.',
  remediation: {
    everyone: 'Bind the role to the few who need it.',
    workload:
      'Write a role with the rules the workload needs and bind that, or list the service account in allowedServiceAccounts (a group of them in allowedGroups).',
    unlisted: 'Bind a role with fewer rights, or list the subject in allowedUsers or allowedGroups.',
    namespaced: 'Bind the ClusterRole admin instead, which leaves quota and namespace alone.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
  ],
  validate({ object, kind, namespace, name, at }, { params, report }) {
    // A RoleBinding may name a Role of that name, which is anything.
    if (object.roleRef?.name !== 'cluster-admin' || object.roleRef.kind === 'Role') return;
    const subjects = list(object.subjects);
    if (kind.kind === 'RoleBinding') {
      if (subjects.length > 0) report({ message: 'namespaced', at: at('roleRef', 'name') });
      return;
    }
    for (let index = 0; index < subjects.length; index++) {
      const subject = subjects[index];
      if (!isRecord(subject)) continue;
      const message = judge(subject, serviceAccountOf(subject, namespace), name, params);
      if (message === undefined) continue;
      const account = serviceAccountOf(subject, namespace);
      const data = { subject: account ?? text(subject.name) ?? '' };
      report({ message, at: at('subjects', index), data });
    }
  },
});

interface Allowed {
  readonly allowedUsers: readonly string[];
  readonly allowedGroups: readonly string[];
  readonly allowedServiceAccounts: readonly string[];
}

function judge(
  subject: Subject,
  account: string | undefined,
  binding: string,
  allowed: Allowed,
): 'everyone' | 'workload' | 'unlisted' | undefined {
  const name = text(subject.name) ?? '';
  if (everyone.has(name)) return 'everyone';
  if (account !== undefined) {
    return matchesName(account, allowed.allowedServiceAccounts) ? undefined : 'workload';
  }
  const isGroup = subject.kind === 'Group';
  if (isGroup && bootstrapped.get(binding) === name) return undefined;
  if (matchesName(name, isGroup ? allowed.allowedGroups : allowed.allowedUsers)) return undefined;
  return isServiceAccountGroup(subject) ? 'workload' : 'unlisted';
}
