import { definePolicy, entries, scanBytes, scanText, textInBase64 } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-secret-in-config-map',
  category: 'secrets',
  title: 'Forbid credentials in ConfigMaps',
  severity: 'critical',
  target: 'object',
  kinds: ['ConfigMap'],
  profiles: { baseline: 'deny' },
  params: z.strictObject({
    allowed: z
      .array(z.string().min(1))
      .default([])
      .describe('Keys of ConfigMaps that are known to hold no credential'),
  }),
  messages: {
    value: 'The key {key} holds a credential in the clear: {credential}.',
    line: 'Line {line} of the key {key} holds a credential in the clear: {credential}.',
  },
  why: 'ConfigMaps are neither encrypted nor protected like Secrets: nearly everybody in a namespace may read them, and they are kept in Git and in backups.',
  remediation:
    'Revoke the credential and store a new one in a Secret; let the program read it from a variable (secretKeyRef), a mounted file, or a placeholder in this document.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/configmap/',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  ],
  validate({ object, at }, { params, report }) {
    const look = (
      field: 'data' | 'binaryData',
      key: string,
      text: string,
      found = scanText(key, text),
    ): void => {
      for (const { line, kind, secret } of found) {
        const place = at(field, key);
        if (text.includes('\n'))
          report({ message: 'line', at: place, data: { key, line, credential: kind }, secret });
        else report({ message: 'value', at: place, data: { key, credential: kind }, secret });
      }
    };
    for (const [key, value] of entries(object.data)) {
      if (typeof value === 'string' && !params.allowed.includes(key)) look('data', key, value);
    }
    for (const [key, value] of entries(object.binaryData)) {
      if (typeof value !== 'string' || params.allowed.includes(key)) continue;
      const text = textInBase64(value);
      if (text !== undefined) look('binaryData', key, text);
      else look('binaryData', key, '', scanBytes(value));
    }
  },
});
