import {
  definePolicy,
  isControlled,
  isLabelValue,
  isQualifiedName,
  isRecord,
  property,
  propertyAt,
  text,
  type Draft,
  type KubernetesObject,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-cost-center',
  category: 'labels',
  title: 'Require a cost centre',
  severity: 'low',
  target: 'object',
  kinds: ['Workload'],
  profiles: { production: 'warn' },
  params: z.strictObject({
    label: z
      .string()
      .refine(isQualifiedName, 'expected the key of a label')
      .default('cost-center')
      .describe('Label that names the cost centre'),
    value: z
      .string()
      .refine(isLabelValue, 'expected the value of a label')
      .optional()
      .describe('Cost centre that the fix writes'),
  }),
  messages: { missing: 'The {holder} has no label {label}: nobody pays for it.' },
  why: 'What nobody pays for is never made smaller. Reports of cost go by the labels of pods, so what runs without one ends up on the bill of the platform.',
  remediation: 'Set the label {label} in metadata.labels of the workload and of its pod template.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/'],
  validate({ object, kind, pod, at }, { params: { label }, report }) {
    if (isControlled(object)) return;
    if (!isSet(object.metadata?.labels, label)) {
      report({ message: 'missing', at: at('metadata', 'labels', label), data: { holder: kind.kind, label } });
    }
    // A Pod is its own template.
    if (pod === undefined || kind.template?.length === 0 || isSet(pod.podMetadata.labels, label)) return;
    report({
      message: 'missing',
      at: pod.atMetadata('labels', label),
      data: { holder: 'pod template', label },
    });
  },
  fix: {
    safety: 'optional',
    resolves: ['missing'],
    requires: ['value'],
    apply(draft, { params: { label, value }, subject: { kind } }) {
      if (value === undefined) return;
      const template = propertyAt(draft, kind.template ?? []);
      setLabel(draft, label, value);
      if (isRecord(template)) setLabel(template, label, value);
    },
  },
});

function isSet(labels: unknown, label: string): boolean {
  return (text(property(labels, label)) ?? '') !== '';
}

function setLabel(holder: Draft<KubernetesObject>, label: string, value: string): void {
  holder.metadata ??= {};
  if (!isRecord(holder.metadata)) return;
  holder.metadata.labels ??= {};
  const { labels } = holder.metadata;
  if (isRecord(labels) && !isSet(labels, label)) labels[label] = value;
}
