import { definePolicy, isMirrorPod, isRecord, records, text } from '#sdk';
import { z } from 'zod';

/** What the API server's ServiceAccount plugin calls the volume it adds, and where it mounts it. */
const injectedVolume = 'kube-api-access-';
const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

export default definePolicy({
  id: 'forbid-token-automount',
  category: 'secrets',
  title: 'Forbid service account tokens that nothing asks for',
  severity: 'medium',
  target: 'podSpec',
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: {
    missing: 'The pod does not refuse the token of the default service account, which nothing asks for.',
    unstated: 'The pod does not say whether it needs the token of the service account {account}.',
    shared:
      'The pod asks for a token of the default service account, whose rights its whole namespace shares.',
  },
  why: 'The token is a credential for the Kubernetes API that every process in the pod can read: who breaks into the pod may do what its service account may do.',
  remediation: {
    missing:
      'Set automountServiceAccountToken: false. A workload that calls the Kubernetes API gets a service account of its own and true.',
    unstated:
      'Set automountServiceAccountToken: true if the workload calls the Kubernetes API, false if it does not.',
    shared:
      'Name a service account of its own in serviceAccountName, or set automountServiceAccountToken: false.',
  },
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
    'https://kubernetes.io/docs/concepts/security/service-accounts/',
  ],
  validate(pod, { report }) {
    const { podSpec, at } = pod;
    const automount = podSpec.automountServiceAccountToken;
    if (automount === false) return;
    // `serviceAccount` is the deprecated name of the same field.
    const account = text(podSpec.serviceAccountName) || text(podSpec.serviceAccount) || 'default';
    const isDefault = account === 'default';
    if (automount === true && !isDefault) return;
    if (isMirrorPod({ metadata: pod.podMetadata })) return;
    const place = at('automountServiceAccountToken');
    if (automount === true) report({ message: 'shared', at: place });
    else if (isDefault) report({ message: 'missing', at: place });
    else report({ message: 'unstated', at: place, data: { account: account } });
  },
  fix: {
    safety: 'safe',
    resolves: ['missing'],
    apply(podSpec) {
      podSpec.automountServiceAccountToken = false;
      // At admission the token's volume is in the Pod already: the ServiceAccount plugin runs before webhooks and
      // never takes back what it added.
      removeWhere(podSpec.volumes, isInjected);
      for (const container of [...records(podSpec.initContainers), ...records(podSpec.containers)])
        removeWhere(container.volumeMounts, isInjectedMount);
    },
  },
});

/** In place: a patch that replaced the list would repeat all that stays, and the plugin adds its items at the end. */
function removeWhere<T extends object>(
  items: (T | null)[] | null | undefined,
  isGone: (item: T) => boolean,
): void {
  if (!Array.isArray(items)) return;
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index];
    if (isRecord(item) && isGone(item)) items.splice(index, 1);
  }
}

function isInjected({ name }: { readonly name?: string | null }): boolean {
  return typeof name === 'string' && name.startsWith(injectedVolume);
}

function isInjectedMount(mount: {
  readonly name?: string | null;
  readonly mountPath?: string | null;
}): boolean {
  return mount.mountPath === tokenPath && isInjected(mount);
}
