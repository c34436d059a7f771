import { definePolicy, isRecord, list } from '#sdk';
import { z } from 'zod';

const restricted = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

export default definePolicy({
  id: 'bound-volume-types',
  category: 'security',
  title: 'Bound the types of volumes',
  severity: 'medium',
  target: 'podSpec',
  profiles: { production: 'warn', restricted: 'deny', 'pss-restricted': 'deny' },
  params: z.strictObject({
    types: z
      .array(z.string().min(1))
      .default(restricted)
      .describe(
        'Types of volumes that pods may use, by the name of their field; the default is the standard',
      ),
  }),
  messages: { type: 'Volume {volume} is of type {type}, which is not among the allowed ones.' },
  why: 'Other types mount files of the node, or storage with addresses and credentials that stand in the pod itself, past the claims, quotas and classes that the cluster controls storage with.',
  remediation: 'Use a persistentVolumeClaim or one of the allowed types instead.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    'https://kubernetes.io/docs/concepts/storage/volumes/#volume-types',
  ],
  controls: [{ name: 'Pod Security Standards: Volume Types (Restricted)', params: { types: restricted } }],
  validate({ podSpec, at }, { params, report }) {
    const volumes: readonly unknown[] = list(podSpec.volumes);
    for (let index = 0; index < volumes.length; index++) {
      const volume = volumes[index];
      if (!isRecord(volume)) continue;
      // A volume without any type is an emptyDir. A type that this list does not know is none of the allowed ones.
      const types = Object.keys(volume).filter((key) => key !== 'name' && volume[key] != null);
      for (const type of types.length > 0 ? types : ['emptyDir']) {
        if (params.types.includes(type)) continue;
        const name = typeof volume['name'] === 'string' ? volume['name'] : `${index}`;
        report({ message: 'type', at: at('volumes', index, type), data: { volume: name, type } });
      }
    }
  },
});
