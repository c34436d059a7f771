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
      const judge = (labels: unknown): boolean => {
        const value = property(labels, label);
        return value == null || (typeof value === 'string' && values.includes(value));
      };
      const data = { label, values: values.join(', '), holder: kind.kind };
      if (!judge(object.metadata?.labels))
        report({ message: 'unlisted', at: at('metadata', 'labels', label), data });
      if (pod === undefined || kind.template?.length === 0 || judge(pod.podMetadata.labels)) continue;
      report({
        message: 'unlisted',
        at: pod.atMetadata('labels', label),
        data: { ...data, holder: 'pod template' },
      });
    }
  },
});
