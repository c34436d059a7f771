import { definePolicy, entries, isRecord, property, text } from '#sdk';
import { z } from 'zod';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export default definePolicy({
  id: 'forbid-secret-last-applied',
  category: 'secrets',
  title: 'Forbid a second copy of a Secret in its annotation',
  severity: 'high',
  target: 'object',
  kinds: ['Secret'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({}),
  messages: { copy: 'The annotation of kubectl apply repeats what the Secret {name} holds.' },
  why: 'The annotation is shown by kubectl describe and by every tool that hides data and shows metadata, and it keeps the old value after the Secret was changed.',
  remediation:
    'Create the Secret with kubectl apply --server-side, or with a tool that fetches it from a store, and remove the annotation.',
  references: [
    'https://kubernetes.io/docs/reference/using-api/server-side-apply/',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  ],
  validate({ object, at }, { report }) {
    const copy = text(property(object.metadata?.annotations, lastApplied));
    if (copy !== undefined && holdsData(copy))
      report({ message: 'copy', at: at('metadata', 'annotations', lastApplied) });
  },
  fix: {
    safety: 'suggestion',
    resolves: ['copy'],
    apply(secret) {
      const annotations = secret.metadata?.annotations;
      if (isRecord(annotations)) Reflect.deleteProperty(annotations, lastApplied);
    },
  },
});

/** Keys that were applied empty, for a controller to fill, give nothing away. */
function holdsData(copy: string): boolean {
  try {
    const applied: unknown = JSON.parse(copy);
    return ['data', 'stringData'].some((field) =>
      entries(property(applied, field)).some(([, value]) => value !== '' && value !== null),
    );
  } catch {
    // What is no JSON may be a part of it: it is judged by what can be seen.
    return /"(?:data|stringData)"\s{0,9}:\s{0,9}\{\s{0,9}"/.test(copy);
  }
}
