import { definePolicy, entries, isRecord, property, scanText, type ObjectMeta, type Path } from '#sdk';
import { z } from 'zod';

/** A copy of the whole object, which forbid-secret-last-applied and the policies about the object itself judge. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export default definePolicy({
  id: 'forbid-secret-in-metadata',
  category: 'secrets',
  title: 'Forbid credentials in annotations and labels',
  severity: 'critical',
  target: 'object',
  kinds: [
    'Any',
    'Workload',
    'Service',
    'Ingress',
    'ConfigMap',
    'Secret',
    'Namespace',
    'ServiceAccount',
    'PersistentVolumeClaim',
  ],
  profiles: { baseline: 'deny' },
  params: z.strictObject({
    allowed: z
      .array(z.string().min(1))
      .default([])
      .describe('Annotations and labels that are known to hold no credential'),
  }),
  messages: { found: 'The {field} {key} of the {holder} holds a credential in the clear: {credential}.' },
  why: 'Annotations and labels are shown by every kubectl get -o yaml, copied to pods and metrics, and kept in Git, in etcd and in backups unencrypted.',
  remediation: 'Revoke the credential and store a new one in a Secret; let an annotation name the Secret.',
  references: [
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  ],
  validate({ object, kind, pod, at }, { params, report }) {
    const look = (
      metadata: ObjectMeta | null | undefined,
      holder: string,
      place: (...path: Path) => Path,
    ): void => {
      for (const field of ['annotations', 'labels'] as const) {
        for (const [key, value] of entries(metadata?.[field])) {
          if (typeof value !== 'string' || key === lastApplied || params.allowed.includes(key)) continue;
          // Charts keep the hash of a Secret there, so that pods restart with it.
          if (key.startsWith('checksum/') && /^[\da-f]{32,128}$/i.test(value)) continue;
          // The part before the slash is a domain and says nothing about the value.
          const [found] = scanText(key.slice(key.indexOf('/') + 1), value);
          if (found === undefined) continue;
          const data = {
            field: field === 'labels' ? 'label' : 'annotation',
            key,
            holder,
            credential: found.kind,
          };
          report({ message: 'found', at: place(field, key), data, secret: found.secret });
        }
      }
    };
    look(object.metadata, kind.kind, (...path) => at('metadata', ...path));
    const jobs = property(property(object, 'spec'), 'jobTemplate');
    if (isRecord(jobs)) {
      const metadata = property(jobs, 'metadata') as ObjectMeta | undefined;
      look(metadata, 'job template', (...path) => at('spec', 'jobTemplate', 'metadata', ...path));
    }
    // A Pod is its own template.
    if (pod !== undefined && kind.template?.length !== 0)
      look(pod.podMetadata, 'pod template', pod.atMetadata);
  },
});
