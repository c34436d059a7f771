import { definePolicy, entries, labelKey, property, text, type Service } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-version-label',
  category: 'delivery',
  title: 'Require the version in pods and in what selects them',
  severity: 'low',
  target: 'object',
  kinds: ['Deployment', 'StatefulSet', 'Service'],
  profiles: {},
  params: z.strictObject({
    label: labelKey.default('app.kubernetes.io/version').describe('Label that tells blue from green'),
  }),
  messages: {
    pods: 'The pods of {kind} {name} do not carry the label {label}.',
    selector: 'The Service {name} does not select on the label {label}.',
  },
  why: 'With blue and green side by side, a Service that does not select on the version sends traffic to both, and the switch switches nothing.',
  remediation: {
    pods: 'Set the label {label} in metadata.labels of the pod template.',
    selector: 'Add {label} to spec.selector of the Service.',
  },
  references: ['https://kubernetes.io/docs/concepts/workloads/management/#canary-deployments'],
  validate({ object, kind, pod, at }, { params: { label }, report }) {
    if (pod !== undefined) {
      if ((text(property(pod.podMetadata.labels, label)) ?? '') !== '') return;
      report({ message: 'pods', at: pod.atMetadata('labels', label), data: { label } });
    } else if (kind.kind === 'Service') {
      const { spec } = object as Service;
      // Without a selector somebody else says where the traffic goes; a headless Service sends none anywhere, it
      // gives pods names, and those of a StatefulSet must find each other across versions.
      if (entries(spec?.selector).length === 0 || spec?.type === 'ExternalName') return;
      if (spec?.clusterIP === 'None') return;
      if ((text(property(spec?.selector, label)) ?? '') === '')
        report({ message: 'selector', at: at('spec', 'selector'), data: { label } });
    }
  },
});
