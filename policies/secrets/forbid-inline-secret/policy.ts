import { definePolicy, entries, holdsSecret, textInBase64 } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-inline-secret',
  category: 'secrets',
  title: 'Forbid Secrets with data in manifests',
  severity: 'high',
  target: 'object',
  kinds: ['Secret'],
  profiles: {},
  params: z.strictObject({}),
  messages: { inline: 'The Secret {name} holds its data in the manifest, in the key {key}.' },
  why: 'Base64 hides nothing: a Secret in a repository is readable for everybody who can read the repository, now and in its history.',
  remediation:
    'Keep the value in a store and let an ExternalSecret fetch it, or commit a SealedSecret or a file that sops has encrypted.',
  references: [
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    'https://external-secrets.io/',
    'https://github.com/bitnami-labs/sealed-secrets',
  ],
  validate({ object, at }, { report }) {
    for (const field of ['data', 'stringData'] as const) {
      for (const [key, value] of entries(object[field])) {
        if (typeof value !== 'string' || !holdsSecret(field, value)) continue;
        const secret = (): string => (field === 'data' ? (textInBase64(value) ?? value) : value);
        report({ message: 'inline', at: at(field, key), data: { key }, secret });
        return;
      }
    }
  },
});
