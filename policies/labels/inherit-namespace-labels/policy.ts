import { definePolicy, isControlled, isLabelValue, isRecord, property, type Facts } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'inherit-namespace-labels',
  category: 'labels',
  title: 'Inherit labels from the namespace',
  severity: 'low',
  target: 'relation',
  kinds: ['Workload'],
  facts: ['Namespace'],
  profiles: {},
  params: z.strictObject({
    labels: z
      .array(z.string().min(1))
      .default(['team', 'cost-center', 'environment'])
      .describe('Labels that a workload takes over from its namespace'),
  }),
  messages: {
    missing: '{kind} {name} lacks the label {label} of its namespace.',
    differs: '{kind} {name} has another value in the label {label} than its namespace.',
  },
  why: 'Who owns a namespace owns what runs in it: a workload that says nothing, or something else, is missing from the reports of both.',
  remediation: {
    missing: 'Set the label {label} to the value that the namespace has.',
    differs:
      'Give the label {label} the value that the namespace has, or move the workload to the namespace it belongs to.',
  },
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/'],
  validate({ object, namespace, facts, at }, { params, report }) {
    if (isControlled(object)) return;
    const inherited = labelsOf(namespace, facts);
    for (const label of params.labels) {
      const wanted = property(inherited, label);
      const own = property(object.metadata?.labels, label);
      if (!isLabelValue(wanted) || wanted === '' || own === wanted) continue;
      report({
        message: own == null ? 'missing' : 'differs',
        at: at('metadata', 'labels', label),
        data: { label },
      });
    }
  },
  fix: {
    safety: 'safe',
    resolves: ['missing'],
    apply(draft, { params, subject: { namespace, facts } }) {
      const inherited = labelsOf(namespace, facts);
      draft.metadata ??= {};
      if (!isRecord(draft.metadata)) return;
      draft.metadata.labels ??= {};
      const { labels } = draft.metadata;
      if (!isRecord(labels)) return;
      for (const label of params.labels) {
        const wanted = property(inherited, label);
        if (isLabelValue(wanted) && wanted !== '' && labels[label] == null) labels[label] = wanted;
      }
    },
  },
});

function labelsOf(namespace: string | undefined, facts: Facts): unknown {
  if (namespace === undefined) return undefined;
  return facts.find('Namespace', namespace, undefined)?.metadata?.labels;
}
