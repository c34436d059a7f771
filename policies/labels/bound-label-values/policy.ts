import { definePolicy, property } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'bound-label-values',
  category: 'labels',
  title: 'Keep labels to the listed values',
  severity: 'low',
  target: 'object',
  kinds: ['Workload', 'Namespace', 'Service'],
  profiles: { production: 'warn' },
  params: z.strictObject({
    values: z
      .record(z.string().min(1), z.array(z.string()).min(1))
      .default({ environment: ['production', 'staging', 'development', 'test'] })
      .describe('Values that a label may take, by label'),
  }),
  messages: { unlisted: 'The label {label} of the {holder} is none of {values}.' },
  why: 'A dashboard, a budget or a network rule for production sees nothing of what calls itself prod or Production.',
  remediation: 'Set the label {label} to one of {values}.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/'],
  validate({ object, kind, pod, at }, { params, report }) {
    for (const [label, values] of Object.entries(params.values)) {
      if (!isListed(object.metadata?.labels, label, values)) {
        const data = { label, values: values.join(', '), holder: kind.kind };
        report({ message: 'unlisted', at: at('metadata', 'labels', label), data });
      }
      // A Pod is its own template.
      if (pod === undefined || kind.template?.length === 0) continue;
      if (isListed(pod.podMetadata.labels, label, values)) continue;
      const data = { label, values: values.join(', '), holder: 'pod template' };
      report({ message: 'unlisted', at: pod.atMetadata('labels', label), data });
    }
  },
});

/** Whether the label has one of the values, or is not there at all. The API server reads a blank one as empty text. */
function isListed(labels: unknown, label: string, values: readonly string[]): boolean {
  const value = property(labels, label);
  if (value === undefined) return true;
  return value === null ? values.includes('') : typeof value === 'string' && values.includes(value);
}
