import {
  definePolicy,
  isRecord,
  isServiceAccountGroup,
  list,
  property,
  serviceAccountOf,
  text,
  type RoleBinding,
} from '#sdk';
import { z } from 'zod';

/** Roles for all service accounts that Kubernetes and OpenShift bind by themselves: public keys, and images. */
const harmless: ReadonlySet<string> = new Set([
  'system:service-account-issuer-discovery',
  'system:cluster-trust-bundle-discovery',
  'system:image-puller',
]);

/** Of whichever namespace. */
const defaultAccount = /(?:^|\/)default$/;

const tokenType = 'kubernetes.io/service-account-token';

export default definePolicy({
  id: 'bound-service-account',
  category: 'rbac',
  title: 'Bound what service accounts hand out',
  severity: 'medium',
  target: 'object',
  kinds: ['ServiceAccount', 'Secret', 'RoleBinding', 'ClusterRoleBinding'],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    defaultToken: 'The default service account gives its token to every pod that does not refuse it.',
    token: 'The service account {name} gives its token to every pod that does not refuse it.',
    endlessToken: 'The Secret {name} holds a token of a service account that never expires.',
    defaultRights:
      '{kind} {name} gives the role {role} to {account}, the account of every pod that names none.',
    allRights: '{kind} {name} gives the role {role} to {group}: to every pod there, whatever it does.',
  },
  why: 'Rights and tokens that come with no decision are in pods that never needed them, and in the hands of whoever breaks into one.',
  remediation: {
    defaultToken: 'Set automountServiceAccountToken: false.',
    token:
      'Set automountServiceAccountToken: false here, and true in the pod specs that call the Kubernetes API.',
    endlessToken:
      'Delete the Secret and ask for a token that expires: a projected volume, kubectl create token or the TokenRequest API.',
    defaultRights: 'Make a service account for the workload and bind that.',
    allRights: 'Name the service accounts that need the role.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/service-accounts/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets',
  ],
  validate({ object, kind, namespace, name, kubernetesMinor, at }, { report }) {
    switch (kind.kind) {
      case 'ServiceAccount':
        if (property(object, 'automountServiceAccountToken') === false) return;
        report({
          message: name === 'default' ? 'defaultToken' : 'token',
          at: at('automountServiceAccountToken'),
        });
        return;
      case 'Secret':
        // Up to 1.23 Kubernetes made one for every account.
        if (kubernetesMinor < 24 || property(object, 'type') !== tokenType) return;
        report({ message: 'endlessToken', at: at('type') });
        return;
    }
    const { roleRef, subjects } = object as RoleBinding;
    const role = text(roleRef?.name) ?? '';
    const items = list(subjects);
    for (let index = 0; index < items.length; index++) {
      const subject = items[index];
      if (!isRecord(subject)) continue;
      const account = serviceAccountOf(subject, namespace);
      if (account !== undefined && defaultAccount.test(account)) {
        report({ message: 'defaultRights', at: at('subjects', index), data: { role, account } });
      } else if (isServiceAccountGroup(subject) && !harmless.has(role)) {
        const group = text(subject.name) ?? '';
        report({ message: 'allRights', at: at('subjects', index), data: { role, group } });
      }
    }
  },
  fix: {
    safety: 'safe',
    // What an account of its own was made for, its maker knows.
    resolves: ['defaultToken'],
    apply(object, { subject }) {
      if (subject.kind.kind !== 'ServiceAccount' || subject.name !== 'default') return;
      (object as { automountServiceAccountToken?: boolean }).automountServiceAccountToken = false;
    },
  },
});
