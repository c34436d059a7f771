import {
  allowsEverything,
  definePolicy,
  isAggregated,
  isBootstrapRole,
  isRecord,
  list,
  matchesLabelSelector,
  type ClusterRole,
  type PolicyRule,
} from '#sdk';
import { z } from 'zod';

/** What cluster-admin carries: a selector that matches it collects all rights there are. */
const clusterAdminLabels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
/** `*` alone, or before the subresource of every resource; `pods/*` is no wildcard to RBAC and matches nothing. */
const resourceWildcard = /^\*(?:$|\/[^*])/;
/** Stars at the end stand for whatever follows, and what follows / is everything. */
const urlWildcard = /^\/?\*+$/;

export default definePolicy({
  id: 'forbid-wildcard-rbac',
  category: 'rbac',
  title: 'Forbid wildcards in roles',
  severity: 'high',
  target: 'object',
  kinds: ['Role', 'ClusterRole'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    allowedResources: z
      .array(z.string().regex(/^\*\/[a-z]+$/, 'expected */ and a subresource, such as */scale'))
      .default([])
      .describe('Subresources that roles may name for every resource at once, such as */scale'),
  }),
  messages: {
    everything: '{kind} {name} allows every verb on every resource of every API group.',
    verbs: '{kind} {name} allows every verb, those that no Kubernetes has yet included.',
    resources: '{kind} {name} covers every resource with *.',
    subresources: '{kind} {name} covers the subresource {subresource} of every resource.',
    apiGroups: '{kind} {name} covers every API group, those of operators installed later included.',
    nonResourceURLs: '{kind} {name} covers every URL of the API server with {url}.',
    aggregation: '{kind} {name} collects the rules of cluster-admin: its selector matches that role.',
  },
  why: 'A wildcard grants what nobody has thought of: Secrets, pods/exec, the right to hand out rights, and every resource that is installed later.',
  remediation: {
    everything: 'List the API groups, resources and verbs that are used.',
    verbs: 'List the verbs that are used, such as get, list and watch.',
    resources: 'List the resources that are used.',
    subresources:
      'List the resources whose {subresource} is used, or list */{subresource} in allowedResources.',
    apiGroups: 'List the API groups of the resources, "" for the core group.',
    nonResourceURLs: 'List the URLs that are used, such as /metrics.',
    aggregation: 'Select the roles by a label of your own.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
  ],
  validate({ object, at }, { params, report }) {
    if (isBootstrapRole(object)) return;
    if (isAggregated(object)) {
      const place = list((object as ClusterRole).aggregationRule?.clusterRoleSelectors).findIndex(
        (selector) => matchesLabelSelector(selector, clusterAdminLabels),
      );
      if (place !== -1) {
        report({ message: 'aggregation', at: at('aggregationRule', 'clusterRoleSelectors', place) });
      }
      return;
    }
    const rules = list(object.rules);
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index];
      if (!isRecord(rule)) continue;
      const { verbs, apiGroups, resources, nonResourceURLs }: PolicyRule = rule;
      const place = (field: string, item: number) => at('rules', index, field, item);
      list(nonResourceURLs).forEach((url: unknown, item) => {
        if (typeof url !== 'string' || !urlWildcard.test(url)) return;
        report({ message: 'nonResourceURLs', at: place('nonResourceURLs', item), data: { url } });
      });
      if (allowsEverything(rule)) {
        report({ message: 'everything', at: at('rules', index) });
        continue;
      }
      const verb = list(verbs).indexOf('*');
      if (verb !== -1) report({ message: 'verbs', at: place('verbs', verb) });
      const group = list(apiGroups).indexOf('*');
      if (group !== -1) report({ message: 'apiGroups', at: place('apiGroups', group) });
      list(resources).forEach((resource: unknown, item) => {
        if (typeof resource !== 'string' || !resourceWildcard.test(resource)) return;
        if (params.allowedResources.includes(resource)) return;
        const spot = place('resources', item);
        if (resource === '*') report({ message: 'resources', at: spot });
        else report({ message: 'subresources', at: spot, data: { subresource: resource.slice(2) } });
      });
    }
  },
});
