import { definePolicy, entries, textInBase64 } from '#sdk';
import { z } from 'zod';

/** What sops has encrypted, what a template or an operator will put there, and where nothing is written yet. */
const standsIn = /^(?:ENC\[|<[^>]{1,80}>$|\$\{?\w|\{\{|(?:vault|op|ref\+[a-z]{1,32}):\S+$|([xX*.])\1{2,}$)/;

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
        // What a controller fills in.
        if (typeof value !== 'string' || value === '' || standsIn.test(value)) continue;
        const plain = field === 'data' ? (textInBase64(value) ?? value) : value;
        if (standsIn.test(plain) || isCertificate(plain)) continue;
        const secret = (): string => plain;
        report({ message: 'inline', at: at(field, key), data: { key }, secret });
        return;
      }
    }
  },
});

/** Certificates are for everybody; a key beside them is none. */
function isCertificate(text: string): boolean {
  return text.startsWith('-----BEGIN CERTIFICATE-----') && !text.includes('PRIVATE KEY');
}
