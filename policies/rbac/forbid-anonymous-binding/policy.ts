import { definePolicy, isRecord, list, matchesName, namePatterns, text } from '#sdk';
import { z } from 'zod';

/** What to say of whom. The names are reserved: no account of another kind can have them. */
const reserved: ReadonlyMap<string, 'anonymous' | 'authenticated' | 'masters'> = new Map([
  ['system:anonymous', 'anonymous'],
  ['system:unauthenticated', 'anonymous'],
  ['system:authenticated', 'authenticated'],
  ['system:masters', 'masters'],
]);

/**
 * Bindings that the API server makes at every start, and the one with which kubeadm lets new nodes find the
 * cluster: binding, its role, its subject. Under another role or for another subject the name proves nothing.
 */
const bootstrapped: ReadonlySet<string> = new Set([
  'cluster-admin cluster-admin system:masters',
  'system:basic-user system:basic-user system:authenticated',
  'system:discovery system:discovery system:authenticated',
  'system:public-info-viewer system:public-info-viewer system:authenticated',
  'system:public-info-viewer system:public-info-viewer system:unauthenticated',
  'kube-public/kubeadm:bootstrap-signer-clusterinfo kubeadm:bootstrap-signer-clusterinfo system:anonymous',
]);

export default definePolicy({
  id: 'forbid-anonymous-binding',
  category: 'rbac',
  title: 'Forbid roles for everybody',
  severity: 'critical',
  target: 'object',
  kinds: ['ClusterRoleBinding', 'RoleBinding'],
  profiles: { baseline: 'deny' },
  params: z.strictObject({
    allowedRoles: namePatterns
      .default([])
      .describe(
        'Roles that anybody may have, such as system:service-account-issuer-discovery; a name may end in *',
      ),
  }),
  messages: {
    anonymous:
      '{kind} {name} gives the role {role} to {subject}: to everybody who reaches the API server, without a password.',
    authenticated:
      '{kind} {name} gives the role {role} to {subject}: to every user and every pod with a token.',
    masters: '{kind} {name} gives the role {role} to {subject}, a group whose rights nobody can take back.',
  },
  why: 'A role that everybody has is a role that every attacker has: one open API server or one stolen token is enough.',
  remediation: {
    anonymous: 'Name the users, groups or service accounts that need the role.',
    authenticated: 'Name the users, groups or service accounts that need the role.',
    masters:
      'Bind a group of your own, and keep system:masters for emergencies: it passes by RBAC altogether.',
  },
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
  ],
  validate({ object, namespace, name, at }, { params, report }) {
    const subjects = list(object.subjects);
    for (let index = 0; index < subjects.length; index++) {
      const subject = subjects[index];
      if (!isRecord(subject) || typeof subject.name !== 'string') continue;
      const message = reserved.get(subject.name);
      if (message === undefined) continue;
      const role = text(object.roleRef?.name) ?? '';
      const binding = namespace === undefined ? name : `${namespace}/${name}`;
      if (bootstrapped.has(`${binding} ${role} ${subject.name}`) || matchesName(role, params.allowedRoles))
        continue;
      report({ message, at: at('subjects', index, 'name'), data: { role, subject: subject.name } });
    }
  },
});
