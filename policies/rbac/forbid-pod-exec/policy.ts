import { definePolicy, extentOf, isAggregated, isBootstrapRole, isRecord, list, type PolicyRule } from '#sdk';
import { z } from 'zod';

// A WebSocket is opened with GET: up to 1.34 the verb get was enough, since then create is asked for
// (feature gate AuthorizePodWebsocketUpgradeCreatePermission).
const before35 = ['create', 'get'];
const since35 = ['create'];
const firstWithCreate = 35;

const rights = (verbs: readonly string[]) =>
  [
    { message: 'exec', right: { group: '', resource: 'pods/exec', verbs } },
    { message: 'attach', right: { group: '', resource: 'pods/attach', verbs } },
    {
      message: 'debug',
      right: { group: '', resource: 'pods/ephemeralcontainers', verbs: ['update', 'patch'] },
    },
  ] as const;
const rightsBefore35 = rights(before35);
const rightsSince35 = rights(since35);

export default definePolicy({
  id: 'forbid-pod-exec',
  category: 'rbac',
  title: 'Forbid roles that exec into pods',
  severity: 'high',
  target: 'object',
  kinds: ['Role', 'ClusterRole'],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    wildcard: '{kind} {name} reaches into pods: * among its resources covers {covered}.',
    exec: '{kind} {name} may run commands in the containers of pods (pods/exec).',
    attach: '{kind} {name} may attach to the processes of pods (pods/attach).',
    debug: '{kind} {name} may add debugging containers to pods (pods/ephemeralcontainers).',
  },
  why: 'A shell in a pod has its secrets, its service account and its network, and leaves no trace in any manifest.',
  remediation: {
    wildcard: 'List the resources that are used; keep {covered} in a role for emergencies.',
    exec: 'Take pods/exec (or */exec) out of the rule; keep it in a role for emergencies.',
    attach: 'Take pods/attach (or */attach) out of the rule; keep it in a role for emergencies.',
    debug:
      'Take pods/ephemeralcontainers (or */ephemeralcontainers) out of the rule; keep it in a role for emergencies.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
  ],
  validate({ object, kubernetesMinor, at }, { report }) {
    if (isAggregated(object) || isBootstrapRole(object)) return;
    const rules = list(object.rules);
    const wanted = kubernetesMinor < firstWithCreate ? rightsBefore35 : rightsSince35;
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index];
      if (!isRecord(rule)) continue;
      // A shell in one named pod is a shell.
      const granted = wanted.filter(({ right }) => extentOf(rule, right) !== undefined);
      const { resources }: PolicyRule = rule;
      if (list(resources).includes('*')) {
        const covered = granted.map(({ right }) => right.resource).join(', ');
        if (granted.length > 0) report({ message: 'wildcard', at: at('rules', index), data: { covered } });
        continue;
      }
      for (const { message } of granted) report({ message, at: at('rules', index) });
    }
  },
});
