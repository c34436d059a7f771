import { definePolicy, list, property, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'prefer-secret-volume',
  category: 'secrets',
  title: 'Prefer Secrets as files',
  severity: 'low',
  target: 'container',
  profiles: { restricted: 'warn' },
  params: z.strictObject({}),
  messages: {
    variable: 'The variable {variable} of {container} takes its value from a Secret.',
    all: '{container} takes all keys of the Secret {secret} as variables.',
  },
  why: 'A file changes when its Secret does, a variable only with the next restart; and variables are inherited by child processes and written into crash reports.',
  remediation: 'Mount the Secret as a volume, and let the program read the file.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  ],
  validate({ container, at }, { report }) {
    const env = list(container.env);
    for (let index = 0; index < env.length; index++) {
      if (property(property(env[index], 'valueFrom'), 'secretKeyRef') == null) continue;
      const variable = text(env[index]?.name) ?? `number ${index + 1}`;
      report({ message: 'variable', at: at('env', index, 'valueFrom', 'secretKeyRef'), data: { variable } });
    }
    const sources = list(container.envFrom);
    for (let index = 0; index < sources.length; index++) {
      const reference = property(sources[index], 'secretRef');
      if (reference == null) continue;
      const secret = text(property(reference, 'name')) ?? '';
      report({ message: 'all', at: at('envFrom', index, 'secretRef'), data: { secret } });
    }
  },
});
