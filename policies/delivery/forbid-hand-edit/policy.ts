import { definePolicy, entries, matchesName, namePatterns, records, text } from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-hand-edit',
  category: 'delivery',
  title: 'Forbid changes by hand to what Git owns',
  severity: 'medium',
  target: 'object',
  kinds: ['Workload', 'Service', 'ConfigMap', 'Ingress', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'],
  profiles: {},
  params: z.strictObject({
    namespaces: namePatterns
      .default([])
      .describe('Namespaces that a GitOps controller owns; a name may end in *'),
    hands: namePatterns
      .default([
        'kubectl-edit',
        'kubectl-patch',
        'kubectl-set',
        'kubectl-scale',
        'kubectl-rollout',
        'kubectl-client-side-apply',
        'kubectl-create',
        'kubectl-replace',
        'kubectl',
        'kubectl-autoscale',
        'kubectl-label',
        'kubectl-annotate',
        'k9s',
        'node-fetch',
        'lens',
      ])
      .describe('Field managers that are people; a name may end in *'),
  }),
  messages: { edited: '{manager} changed {fields} of {kind} {name} by hand on {time}.' },
  why: 'What is changed by hand is in no review and no history: the next synchronisation takes it back, or the drift stays until a disaster brings back what Git says.',
  remediation:
    'Bring the change to Git, or let the GitOps controller synchronise the object and take it back.',
  references: [
    'https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management',
    'https://opengitops.dev/',
  ],
  validate({ object, namespace, at }, { params, report }) {
    if (namespace === undefined || !matchesName(namespace, params.namespaces)) return;
    for (const { manager, time, fieldsV1, subresource } of records(object.metadata?.managedFields)) {
      const name = text(manager) ?? '';
      if (name === '' || !matchesName(name, params.hands) || subresource === 'status') continue;
      // f:metadata is bookkeeping; what the object does stands in the other fields.
      const fields = entries(fieldsV1 as Readonly<Record<string, unknown>> | null | undefined)
        .filter(([field]) => field.startsWith('f:') && field !== 'f:metadata' && field !== 'f:status')
        .flatMap(([field, below]) => {
          const names = entries(below as Readonly<Record<string, unknown>> | null).map(([key]) => key);
          const inner = names
            .filter((key) => key.startsWith('f:'))
            .map((key) => `${field.slice(2)}.${key.slice(2)}`);
          return inner.length === 0 ? [field.slice(2)] : inner;
        });
      if (fields.length === 0) continue;
      const data = {
        manager: name,
        fields: fields.slice(0, 5).join(', '),
        time: text(time)?.slice(0, 10) ?? 'an unknown day',
      };
      report({ message: 'edited', at: at('metadata', 'managedFields'), data });
    }
  },
});
