import {
  definePolicy,
  entries,
  matchesName,
  namePatterns,
  property,
  records,
  text,
  type ManagedFieldsEntry,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-hand-edit',
  category: 'delivery',
  title: 'Forbid changes by hand to what Git owns',
  severity: 'medium',
  target: 'object',
  kinds: [
    'Workload',
    'Service',
    'ConfigMap',
    'Ingress',
    'NetworkPolicy',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'Role',
    'RoleBinding',
  ],
  profiles: {},
  params: z.strictObject({
    namespaces: namePatterns
      .default([])
      .describe('Namespaces that a GitOps controller owns; a name may end in *'),
    hands: namePatterns
      .default(['kubectl', 'kubectl-*', 'k9s'])
      .describe('Field managers that are the tools of people; a name may end in *'),
    gitOpsManagers: namePatterns
      .default(['argocd-*', 'kustomize-controller', 'helm-controller', 'fleet*'])
      .describe('Field managers of GitOps controllers: what one of them has written too is no drift'),
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
    const managed = records(object.metadata?.managedFields);
    for (const { manager, time, fieldsV1, subresource } of managed) {
      const name = text(manager) ?? '';
      // Status is what the object reports, and how many replicas there are is not always for Git to say.
      if (name === '' || subresource === 'status' || subresource === 'scale') continue;
      if (!matchesName(name, params.hands)) continue;
      const fields = changedFields(
        fieldsV1,
        managed.filter((entry) => matchesName(text(entry.manager) ?? '', params.gitOpsManagers)),
      );
      if (fields.length === 0) continue;
      const data = { manager: name, fields: enumerate(fields), time: minuteOf(text(time)) };
      report({ message: 'edited', at: at('metadata', 'managedFields'), data });
    }
  },
});

/**
 * The fields a manager has and no GitOps controller has as well, down to one step below the top: `spec.replicas`.
 * Metadata is bookkeeping. Source: structured-merge-diff, FieldsV1: keys `f:name`, `k:{…}` and `v:…`, leaves `{}`.
 */
function changedFields(fields: unknown, gitOps: readonly ManagedFieldsEntry[]): readonly string[] {
  const names: string[] = [];
  for (const [field, below] of entries(fields)) {
    if (!field.startsWith('f:') || field === 'f:metadata' || field === 'f:status') continue;
    const others = gitOps.map(({ fieldsV1 }) => property(fieldsV1, field)).filter(isPresent);
    const inner = entries(below).filter(([key]) => key.startsWith('f:'));
    if (inner.length === 0 && isAlone(below, others)) names.push(field.slice(2));
    for (const [key, value] of inner) {
      if (isAlone(value, others.map((other) => property(other, key)).filter(isPresent)))
        names.push(`${field.slice(2)}.${key.slice(2)}`);
    }
  }
  return names;
}

/** Whether something below is in none of the others. No kind nests its fields half as deep as the limit. */
function isAlone(fields: unknown, others: readonly unknown[], depth = 0): boolean {
  if (others.length === 0 || depth > 60) return true;
  return entries(fields).some(([key, below]) =>
    isAlone(below, others.map((other) => property(other, key)).filter(isPresent), depth + 1),
  );
}

function isPresent(value: unknown): boolean {
  return value !== undefined;
}

function enumerate(fields: readonly string[]): string {
  const shown = fields.slice(0, most).join(', ');
  return fields.length > most ? `${shown} and ${fields.length - most} more` : shown;
}

/** As many names as fit into a line. */
const most = 4;

/** `2026-11-02T03:12:00Z`, as the API server writes it, to the minute. */
function minuteOf(time = ''): string {
  const [, day, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(time) ?? [];
  return day === undefined ? 'an unknown day' : `${day} at ${minute ?? ''} UTC`;
}
