import { definePolicy, isControlled, labelKey, property, remember, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-change-cause',
  category: 'delivery',
  title: 'Require the cause of a change',
  severity: 'low',
  target: 'object',
  kinds: ['Workload'],
  profiles: {},
  params: z.strictObject({
    annotations: z
      .array(labelKey)
      .min(1)
      .default(['kubernetes.io/change-cause'])
      .describe('Annotations of which one names the ticket or the commit'),
    pattern: z
      .string()
      .max(200)
      .refine(isPattern, 'expected a regular expression')
      .default('\\S')
      .describe('Regular expression that the value must match somewhere, such as [A-Z]+-[0-9]+'),
  }),
  messages: {
    missing: '{kind} {name} does not say in the annotation {annotation} why it is as it is.',
    mismatch: 'The annotation {annotation} of {kind} {name} does not match "{pattern}".',
  },
  why: 'The first question in an incident is what changed and who asked for it. kubectl rollout history answers it where the change says so.',
  remediation: {
    missing: 'Set the annotation {annotation} to the ticket or the commit that asks for this change.',
    mismatch: 'Write into the annotation {annotation} a value that matches {pattern}.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#checking-rollout-history-of-a-deployment',
  ],
  validate({ object, at }, { params: { annotations, pattern }, report }) {
    if (isControlled(object)) return;
    const values = object.metadata?.annotations;
    const [first = ''] = annotations;
    const annotation = annotations.find((key) => (text(property(values, key)) ?? '').trim() !== '');
    if (annotation === undefined) {
      report({ message: 'missing', at: at('metadata', 'annotations', first), data: { annotation: first } });
    } else if (!compiled(pattern).test((text(property(values, annotation)) ?? '').slice(0, longest))) {
      report({
        message: 'mismatch',
        at: at('metadata', 'annotations', annotation),
        data: { annotation, pattern },
      });
    }
  },
});

/** Parameters are read once and used for every review. */
const compiled = remember(64, (pattern): RegExp => new RegExp(pattern));

/** A cause is a line; longer text need not be shown to an expression that takes its time. */
const longest = 300;

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
