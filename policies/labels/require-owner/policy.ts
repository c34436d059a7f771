import {
  definePolicy,
  isControlled,
  isLabelValue,
  isRecord,
  property,
  text,
  type KubernetesObject,
} from '#sdk';
import { z } from 'zod';

const keys = z.array(z.string().min(1)).min(1);

export default definePolicy({
  id: 'require-owner',
  category: 'labels',
  title: 'Require an owner and a contact',
  severity: 'medium',
  target: 'object',
  kinds: ['Workload'],
  profiles: { production: 'deny' },
  params: z.strictObject({
    ownerLabels: keys.default(['owner', 'team']).describe('Labels of which one names the owner'),
    contactAnnotations: keys
      .default(['contact', 'a8r.io/owner', 'a8r.io/chat'])
      .describe('Annotations of which one says how to reach the owner'),
    owner: z
      .string()
      .refine(isLabelValue, 'expected the value of a label')
      .optional()
      .describe('Owner that the fix writes'),
    contact: z.string().min(1).optional().describe('Contact that the fix writes'),
  }),
  messages: {
    owner: '{kind} {name} names no owner in the label {label}.',
    contact: '{kind} {name} does not say in the annotation {annotation} how to reach its owner.',
  },
  why: 'When an alert rings at three in the morning, whoever is on call must know within a minute whose workload it is and whom to wake.',
  remediation: {
    owner: 'Set the label {label} to the team that answers for the workload.',
    contact: 'Set the annotation {annotation} to a channel, an address or a number that somebody answers.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  ],
  validate({ object, at }, { params, report }) {
    // What a controller made belongs to the owner of its owner.
    if (isControlled(object)) return;
    const [label = ''] = params.ownerLabels;
    if (!hasOne(object.metadata?.labels, params.ownerLabels)) {
      report({ message: 'owner', at: at('metadata', 'labels', label), data: { label } });
    }
    const [annotation = ''] = params.contactAnnotations;
    if (!hasOne(object.metadata?.annotations, params.contactAnnotations)) {
      report({ message: 'contact', at: at('metadata', 'annotations', annotation), data: { annotation } });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['owner', 'contact'],
    requires: ['owner', 'contact'],
    apply(draft, { params, subject }) {
      const { ownerLabels, contactAnnotations, owner, contact } = params;
      const original: KubernetesObject = subject.object;
      draft.metadata ??= {};
      const { metadata } = draft;
      if (!isRecord(metadata) || owner === undefined || contact === undefined) return;
      if (!hasOne(original.metadata?.labels, ownerLabels)) {
        metadata.labels ??= {};
        if (isRecord(metadata.labels)) metadata.labels[ownerLabels[0] ?? ''] = owner;
      }
      if (!hasOne(original.metadata?.annotations, contactAnnotations)) {
        metadata.annotations ??= {};
        if (isRecord(metadata.annotations)) metadata.annotations[contactAnnotations[0] ?? ''] = contact;
      }
    },
  },
});

function hasOne(values: unknown, keys: readonly string[]): boolean {
  return keys.some((key) => (text(property(values, key)) ?? '').trim() !== '');
}
