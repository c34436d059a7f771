import { definePolicy, isAmong, matchesName, namePatterns } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'bound-pod-exec',
  category: 'delivery',
  title: 'Bound who may enter pods',
  severity: 'high',
  target: 'request',
  kinds: ['Pod'],
  operations: ['CONNECT'],
  subresources: ['exec', 'attach', 'portforward', 'proxy'],
  profiles: {},
  params: z.strictObject({
    namespaces: namePatterns
      .default([])
      .describe('Namespaces in which the policy holds; a name may end in *'),
    users: namePatterns.default([]).describe('Users that may enter pods'),
    groups: namePatterns.default([]).describe('Groups whose members may enter pods'),
  }),
  messages: {
    refused: '{user} may not use {subresource} on pods in {namespace}.',
    used: '{user} used {subresource} on the pod {name} in {namespace}.',
  },
  onRecord: ['used'],
  why: 'A shell in a pod has its credentials, its network and its data, and leaves no trace in Git: in production it is for emergencies, and has to be seen.',
  remediation: {
    refused:
      'Read logs and metrics instead, debug a copy elsewhere, or ask for membership of a group that may enter pods in an emergency.',
    used: 'Nothing: this is for the record.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/',
  ],
  validate({ user, namespace, subresource = 'exec', at }, { params, report }) {
    if (namespace === undefined || !matchesName(namespace, params.namespaces)) return;
    const allowed = isAmong(user, params.users, params.groups);
    const data = { user: user.username, subresource, namespace };
    report({ message: allowed ? 'used' : 'refused', at: at('kind'), data });
  },
});
