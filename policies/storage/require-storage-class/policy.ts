import { claimTemplateNames, definePolicy, isRecord, list, property, text, type Path } from '#sdk';
import { z } from 'zod';

/** What named the class before Kubernetes 1.6; where it is there, it counts before the field. */
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export default definePolicy({
  id: 'require-storage-class',
  category: 'storage',
  title: 'Require the storage class of each claim',
  severity: 'medium',
  target: 'object',
  kinds: ['PersistentVolumeClaim', 'Workload'],
  profiles: { restricted: 'warn' },
  params: z.strictObject({}),
  messages: {
    missing: '{claim} names no storage class and takes the default of its cluster.',
    prebound:
      '{claim} names the volume {volume} and no storage class: it does not bind where the default class of the cluster is another than the volume has.',
  },
  why: 'The default class differs from cluster to cluster and can be changed at any time: the same claim gets another disk, other backups or another reclaim policy there, or none at all and waits for ever.',
  remediation: {
    missing: 'Set storageClassName to a class of the cluster, or to "" for a volume that was made by hand.',
    prebound: 'Set storageClassName to the class of the volume, or to "" where it has none.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1',
    'https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass',
  ],
  validate({ object, kind, pod, name, at }, { report }) {
    const judge = (claim: string, template: unknown, place: Path): void => {
      const spec = property(template, 'spec');
      // The empty class is a class: it asks for a volume that was made by hand.
      if (!isRecord(spec) || spec['storageClassName'] != null) return;
      if (
        typeof property(property(property(template, 'metadata'), 'annotations'), classAnnotation) === 'string'
      )
        return;
      const volume = spec['volumeName'];
      const field = [...place, 'spec', 'storageClassName'];
      if (typeof volume !== 'string' || volume === '')
        report({ message: 'missing', at: field, data: { claim } });
      else report({ message: 'prebound', at: field, data: { claim, volume } });
    };
    if (kind.kind === 'PersistentVolumeClaim') {
      // What is bound has found its volume, and its class can no longer change.
      if (property(property(object, 'status'), 'phase') !== 'Bound') judge(`The claim ${name}`, object, at());
      return;
    }
    const templates: unknown = property(property(object, 'spec'), 'volumeClaimTemplates');
    if (Array.isArray(templates)) {
      templates.forEach((template: unknown, index) => {
        const named = text(property(property(template, 'metadata'), 'name')) ?? '';
        judge(`The claim template ${named}`, template, at('spec', 'volumeClaimTemplates', index));
      });
    }
    if (pod === undefined) return;
    const replaced = claimTemplateNames(object);
    list(pod.podSpec.volumes).forEach((volume, index) => {
      const template = property(property(volume, 'ephemeral'), 'volumeClaimTemplate');
      if (template == null || replaced.has(property(volume, 'name'))) return;
      const named = text(property(volume, 'name')) ?? '';
      const place = pod.at('volumes', index, 'ephemeral', 'volumeClaimTemplate');
      judge(`The claim of the ephemeral volume ${named}`, template, place);
    });
  },
});
