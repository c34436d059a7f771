import { definePolicy, isMadeByWorkload, isMirrorPod, matchesName, namePatterns, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-service-account',
  category: 'rbac',
  title: 'Require the service account that a pod names',
  severity: 'high',
  target: 'relation',
  kinds: ['Workload'],
  facts: ['ServiceAccount'],
  profiles: { baseline: 'warn' },
  params: z.strictObject({
    madeElsewhere: namePatterns
      .default([])
      .describe('Service accounts that exist though nothing here shows it; a name may end in *'),
  }),
  messages: {
    missing: '{kind} {name} runs as the service account {account}, and there is none in its namespace.',
  },
  why: 'The API server refuses every pod whose service account does not exist: the workload is applied without a complaint, and no pod of it ever appears.',
  remediation:
    'Add the ServiceAccount {account} to the namespace, or name one that is there in serviceAccountName.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
    'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#serviceaccount-admission-controller',
  ],
  validate({ object, pod, namespace, facts }, { params, report }) {
    if (pod === undefined || isMadeByWorkload(object) || isMirrorPod(object)) return;
    // `serviceAccount` is the deprecated name of the same field, which counts where the other one says nothing.
    const { serviceAccountName, serviceAccount } = pod.podSpec;
    const named = text(serviceAccountName) || undefined;
    const account = named ?? (text(serviceAccount) || 'default');
    // Every namespace has the default one.
    if (account === 'default' || matchesName(account, params.madeElsewhere)) return;
    if (facts.find('ServiceAccount', account, namespace) !== undefined) return;
    const field = named === undefined ? 'serviceAccount' : 'serviceAccountName';
    report({ message: 'missing', at: pod.at(field), data: { account } });
  },
});
