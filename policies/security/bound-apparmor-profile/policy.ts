import { definePolicy, isRecord, property, speaksForPod, type AppArmorProfile } from '#sdk';
import { z } from 'zod';

/** How a container's profile was written before Kubernetes 1.30, and still may be. */
const annotationPrefix = 'container.apparmor.security.beta.kubernetes.io/';

export default definePolicy({
  id: 'bound-apparmor-profile',
  category: 'security',
  title: 'Bound the AppArmor profile',
  severity: 'high',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny', 'pss-baseline': 'deny' },
  params: z.strictObject({}),
  messages: {
    profile: '{container} has an AppArmor profile that is neither RuntimeDefault nor Localhost.',
    podProfile: 'The pod has an AppArmor profile that is neither RuntimeDefault nor Localhost.',
    annotation:
      'The annotation for container {annotated} names an AppArmor profile that is neither runtime/default nor localhost/….',
  },
  why: 'Unconfined takes away the profile that container runtimes apply by default on nodes with AppArmor, and with it what keeps a process from mounting file systems and from writing to /proc and /sys.',
  remediation: {
    profile:
      'Remove securityContext.appArmorProfile, or set its type to RuntimeDefault, or to Localhost with a profile that allows what is needed.',
    podProfile:
      'Remove securityContext.appArmorProfile, or set its type to RuntimeDefault, or to Localhost with a profile that allows what is needed.',
    annotation: 'Remove the annotation, and set securityContext.appArmorProfile where a profile is needed.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tutorials/security/apparmor/',
  ],
  controls: ['Pod Security Standards: AppArmor (Baseline)'],
  validate(subject, { report }) {
    const { pod, at } = subject;
    const own = subject.container.securityContext?.appArmorProfile;
    if (isUnconfined(own))
      report({ message: 'profile', at: at('securityContext', 'appArmorProfile', 'type') });
    if (isUnconfined(pod.podSpec.securityContext?.appArmorProfile) && speaksForPod(subject, own)) {
      report({ message: 'podProfile', at: pod.at('securityContext', 'appArmorProfile', 'type') });
    }
    if (pod.containers[0] !== subject) return;
    const { annotations } = pod.podMetadata;
    if (!isRecord(annotations)) return;
    for (const key in annotations) {
      if (!key.startsWith(annotationPrefix) || !isUnconfinedValue(annotations[key])) continue;
      const annotated = key.slice(annotationPrefix.length);
      report({ message: 'annotation', at: pod.atMetadata('annotations', key), data: { annotated } });
    }
  },
  fix: {
    safety: 'safe',
    resolves: ['profile'],
    apply(container, { subject }) {
      // The API server refuses a field that says something else than the annotation.
      const key = `${annotationPrefix}${String(subject.container.name)}`;
      if (property(subject.pod.podMetadata.annotations, key) !== undefined) return;
      if (container.securityContext != null) {
        container.securityContext.appArmorProfile = { type: 'RuntimeDefault' };
      }
    },
  },
});

function isUnconfined(profile: AppArmorProfile | null | undefined): boolean {
  return profile != null && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost';
}

/** Empty is as good as absent. What is no text is no annotation. */
function isUnconfinedValue(value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  return value !== 'runtime/default' && !value.startsWith('localhost/');
}
