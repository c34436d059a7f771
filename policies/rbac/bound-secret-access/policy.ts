import {
  definePolicy,
  extentOf,
  isAggregated,
  isBootstrapRole,
  isRecord,
  list,
  matchesName,
  namePatterns,
} from '#sdk';
import { z } from 'zod';

const secrets = { group: '', resource: 'secrets' };
/**
 * A patch, even an empty one, is answered with the whole object; a deletion of all with all that was deleted, in a dry
 * run too.
 */
const reading = ['get', 'list', 'watch', 'patch', 'deletecollection'].map((verb) => ({
  verb,
  right: { ...secrets, verbs: [verb] },
}));
const anyReading = { ...secrets, verbs: reading.map(({ verb }) => verb) };

export default definePolicy({
  id: 'bound-secret-access',
  category: 'rbac',
  title: 'Bound who reads all Secrets',
  severity: 'high',
  target: 'object',
  kinds: ['Role', 'ClusterRole'],
  profiles: { production: 'warn' },
  params: z.strictObject({
    allowedRoles: namePatterns
      .default([])
      .describe('Roles that may read all Secrets; a name may end in * for all that begin with it'),
  }),
  messages: {
    cluster:
      '{kind} {name} may read every Secret ({verbs}); bound by a ClusterRoleBinding, those of the whole cluster.',
    namespace: '{kind} {name} may read every Secret of its namespace ({verbs}).',
  },
  why: 'Among the Secrets are passwords of databases and tokens of service accounts: who reads them all has the rights of everybody they belong to.',
  remediation:
    'Name the Secrets in resourceNames and grant get alone: list, watch and deletecollection show the content of all.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/#least-privilege-secrets',
  ],
  validate({ object, kind, name, at }, { params, report }) {
    if (isAggregated(object) || isBootstrapRole(object)) return;
    const rules = list(object.rules);
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index];
      if (!isRecord(rule) || extentOf(rule, anyReading) !== 'all') continue;
      if (matchesName(name, params.allowedRoles)) return;
      const verbs = reading.filter(({ right }) => extentOf(rule, right) === 'all').map(({ verb }) => verb);
      report({
        message: kind.kind === 'Role' ? 'namespace' : 'cluster',
        at: at('rules', index),
        data: { verbs: verbs.join(', ') },
      });
    }
  },
});
