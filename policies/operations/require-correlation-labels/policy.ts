import { definePolicy, labelKey, property, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-correlation-labels',
  category: 'operations',
  title: 'Require the labels that logs and traces join on',
  severity: 'low',
  target: 'podSpec',
  profiles: {},
  params: z.strictObject({
    labels: z
      .array(labelKey)
      .min(1)
      .default(['app.kubernetes.io/name', 'app.kubernetes.io/version'])
      .describe('Labels of pods that hold the name of the service and its version'),
  }),
  messages: { missing: '{kind} {name} lacks the label {label} where collectors look for it, on its pods.' },
  why: 'Collectors copy the labels of a pod onto its logs, metrics and traces: without name and version nobody sees which release began to fail.',
  remediation: 'Set the label {label} in the metadata of the pod template.',
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/',
    'https://opentelemetry.io/docs/specs/semconv/resource/k8s/',
  ],
  validate({ podMetadata, atMetadata }, { params, report }) {
    for (const label of params.labels) {
      if ((text(property(podMetadata.labels, label)) ?? '') !== '') continue;
      report({ message: 'missing', at: atMetadata('labels', label), data: { label } });
    }
  },
});
