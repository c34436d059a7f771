import { definePolicy, isMirrorPod, records, text, type PodSpec } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-default-service-account',
  category: 'security',
  title: 'Forbid the default service account',
  severity: 'medium',
  target: 'podSpec',
  profiles: { production: 'warn' },
  params: z.strictObject({
    allowWithoutToken: z
      .boolean()
      .default(false)
      .describe('Leave pods alone that get no token of their service account'),
  }),
  messages: { found: 'The pod runs as the default service account of its namespace.' },
  why: 'All pods of a namespace that name no other share the default service account: a right, a pull secret or a trust that one of them needs goes to all of them, and nobody can tell in a log which one used it.',
  remediation:
    'Create a ServiceAccount for the workload, and name it in serviceAccountName of the pod template.',
  references: [
    'https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  ],
  validate(pod, { params, report }) {
    const { podSpec, at } = pod;
    // `serviceAccount` is the deprecated name of the same field. Pods that set neither have default at admission.
    const account = text(podSpec.serviceAccountName) || text(podSpec.serviceAccount) || 'default';
    if (account !== 'default' || isMirrorPod({ metadata: pod.podMetadata })) return;
    if (params.allowWithoutToken && !hasToken(podSpec)) return;
    report({ message: 'found', at: at('serviceAccountName') });
  },
});

/** A token comes by itself unless the pod says no; a projected volume asks for one in any case. */
function hasToken({ automountServiceAccountToken, volumes }: PodSpec): boolean {
  if (automountServiceAccountToken !== false) return true;
  return records(volumes).some(({ projected }) =>
    records(projected?.sources).some(({ serviceAccountToken }) => serviceAccountToken != null),
  );
}
