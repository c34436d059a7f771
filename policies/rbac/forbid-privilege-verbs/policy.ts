import {
  allowsEverything,
  definePolicy,
  extentOf,
  isAggregated,
  isBootstrapRole,
  isRecord,
  list,
  matchesName,
  namePatterns,
  type PolicyRule,
  type Right,
} from '#sdk';
import { z } from 'zod';
import { dangers, signers, systemPods, type Danger } from './dangers.ts';

export default definePolicy({
  id: 'forbid-privilege-verbs',
  category: 'rbac',
  title: 'Forbid rights that lead to all others',
  severity: 'critical',
  target: 'object',
  kinds: ['Role', 'ClusterRole'],
  profiles: { production: 'deny' },
  params: z.strictObject({
    systemNamespaces: namePatterns
      .default(['kube-system', 'kube-public', 'kube-node-lease'])
      .describe(
        'Namespaces in which no role may create pods; a name may end in * for all that begin with it',
      ),
  }),
  messages: {
    everything: '{kind} {name} allows everything.',
    bind: '{kind} {name} may bind roles with more rights than its own (verb bind).',
    escalate: '{kind} {name} may write rights into roles that it does not have (verb escalate).',
    impersonate: '{kind} {name} may act as somebody else (verb impersonate).',
    kubelet:
      '{kind} {name} reaches the kubelets (nodes/proxy), which run commands in every pod, past audit and admission.',
    token: '{kind} {name} may mint tokens of any service account (serviceaccounts/token).',
    volume: '{kind} {name} may create PersistentVolumes, which reach any directory of a node.',
    webhook:
      '{kind} {name} may change any admission webhook, which sees and alters what is written to the cluster.',
    mutation:
      '{kind} {name} may write any MutatingAdmissionPolicy, which alters what others write to the cluster.',
    approval: '{kind} {name} may approve certificates of API clients (certificatesigningrequests/approval).',
    systemPods: '{kind} {name} may create pods in {namespace}, with the service accounts there.',
  },
  why: 'Whoever has one of these rights can give himself every other, by a detour that no review of roles shows.',
  remediation: {
    everything: 'List the API groups, resources and verbs that are used.',
    bind: 'Name the roles that may be bound in resourceNames, without cluster-admin, or take out the verb.',
    escalate: 'Take out the verb: who has a right himself can grant it without escalate.',
    impersonate:
      'Name those who may be impersonated in resourceNames, without system:masters, or take out the verb.',
    kubelet: 'Name what is read instead: nodes/metrics, nodes/stats, nodes/log or nodes/pods.',
    token: 'Name the service accounts in resourceNames.',
    volume: 'Leave PersistentVolumes to the provisioner of a StorageClass, and claim them.',
    webhook: 'Name the webhook configurations in resourceNames, with the verbs get, update and patch.',
    mutation: 'Name the policies in resourceNames, with the verbs get, update and patch.',
    approval: 'Name the signers in a rule with the verb approve, other than those for API clients.',
    systemPods: 'Run it in a namespace of its own.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
  ],
  validate({ object, kind, namespace, at }, { params, report }) {
    if (isAggregated(object) || isBootstrapRole(object)) return;
    const isNamespaced = kind.kind === 'Role';
    const inSystem = isNamespaced && matchesName(namespace ?? '', params.systemNamespaces);
    const rules = list(object.rules);
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index];
      if (!isRecord(rule)) continue;
      const place = at('rules', index);
      if (allowsEverything(rule)) {
        report({ message: 'everything', at: place });
        continue;
      }
      let said: string | undefined;
      for (const danger of dangers) {
        const { message } = danger;
        // What lies in no namespace, a Role does not reach.
        if (message === said || (isNamespaced && danger.clusterScoped) || !has(rule, danger)) continue;
        if (message === 'approval' && signersAreBounded(rules)) continue;
        said = message;
        report({ message, at: place });
      }
      if (inSystem && systemPods.some((right) => makesPods(rule, right))) {
        report({ message: 'systemPods', at: place, data: { namespace: namespace ?? '' } });
      }
    }
  },
});

/** A change to what a rule names is bounded by what it names; what it creates is new, whatever the name. */
function makesPods(rule: PolicyRule, right: Right): boolean {
  return extentOf(rule, right) === 'all' || extentOf(rule, { ...right, verbs: ['create'] }) !== undefined;
}

function has(rule: PolicyRule, { right, names }: Danger): boolean {
  const extent = extentOf(rule, right);
  if (extent !== 'named') return extent === 'all';
  return names === 'any' || names.some((name) => list(rule.resourceNames).includes(name));
}

/** To approve, one needs the signer's consent, too: a role that says for which signers means those and no others. */
function signersAreBounded(rules: readonly (PolicyRule | null)[]): boolean {
  let bounded = false;
  for (const rule of rules) {
    if (!isRecord(rule) || extentOf(rule, signers.right) === undefined) continue;
    if (has(rule, signers)) return false;
    bounded = true;
  }
  return bounded;
}
