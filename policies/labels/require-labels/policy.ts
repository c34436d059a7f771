import {
  definePolicy,
  entries,
  isControlled,
  isLabelValue,
  isRecord,
  labelKey,
  property,
  propertyAt,
  type Draft,
  type KubernetesObject,
  rememberOf,
} from '#sdk';
import { z } from 'zod';

const pattern = z.string().refine(isPattern, 'expected a regular expression');

export default definePolicy({
  id: 'require-labels',
  category: 'labels',
  title: 'Require the recommended labels',
  severity: 'low',
  target: 'object',
  kinds: ['Workload'],
  profiles: { baseline: 'warn', production: 'deny' },
  params: z.strictObject({
    labels: z
      .record(labelKey, pattern)
      .default({ 'app.kubernetes.io/name': '.+' })
      .describe('Labels by key, each with a regular expression that the whole value must match'),
    values: z
      .record(labelKey, z.string())
      .optional()
      .describe('What the fix writes for each label; {name} is the name of the workload'),
  }),
  messages: {
    missing: 'The {holder} has no label {label}.',
    mismatch: 'The label {label} of the {holder} does not match "{pattern}".',
  },
  why: 'Labels are how tools and people find what belongs together: dashboards, logs, network policies, cost reports. Kubernetes recommends a common set of them.',
  remediation: {
    missing: 'Add {label} to the metadata.labels of the {holder}; a selector need not change.',
    mismatch: 'Give the label {label} of the {holder} a value that matches {pattern} as a whole.',
  },
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/'],
  validate({ object, kind, pod, at }, { params, report }) {
    for (const { label, pattern, whole } of rulesOf(params.labels)) {
      const own = judge(object.metadata?.labels, label, whole);
      const data = { label, pattern, holder: kind.kind };
      if (own !== undefined) report({ message: own, at: at('metadata', 'labels', label), data });
      // A Pod is its own template.
      if (pod === undefined || kind.template?.length === 0) continue;
      const made = judge(pod.podMetadata.labels, label, whole);
      if (made === undefined) continue;
      report({
        message: made,
        at: pod.atMetadata('labels', label),
        data: { ...data, holder: 'pod template' },
      });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['missing'],
    requires: ['values'],
    apply(draft, { params, subject: { object, kind, name } }) {
      // What a controller makes must stay as its owner's template says: a Deployment whose ReplicaSet has other
      // labels in its template does not know it again and makes another.
      if (isControlled(object)) return;
      const template = propertyAt(draft, kind.template ?? []);
      for (const { label, whole } of rulesOf(params.labels)) {
        // A name made by generateName ends in a dash.
        const value = property(params.values, label)?.replaceAll('{name}', name.replace(/-$/, ''));
        if (!isLabelValue(value) || !whole.test(value)) continue;
        addLabel(draft, label, value);
        if (isRecord(template)) addLabel(template, label, value);
      }
    },
  },
});

interface Rule {
  readonly label: string;
  readonly pattern: string;
  readonly whole: RegExp;
}

/** Parameters are read once and used for every review. */
const rulesOf = rememberOf((labels: Readonly<Record<string, string>>): readonly Rule[] => {
  const compile = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
  return entries(labels).map(([label, pattern]) => ({ label, pattern, whole: compile(pattern) }));
});

/** Longer text is no label value, and need not be shown to an expression that takes its time. */
function judge(labels: unknown, label: string, whole: RegExp): 'missing' | 'mismatch' | undefined {
  const value = property(labels, label);
  if (typeof value !== 'string') return 'missing';
  return isLabelValue(value) && whole.test(value) ? undefined : 'mismatch';
}

function addLabel(holder: Draft<KubernetesObject>, label: string, value: string): void {
  holder.metadata ??= {};
  if (!isRecord(holder.metadata)) return;
  holder.metadata.labels ??= {};
  const { labels } = holder.metadata;
  if (isRecord(labels) && property(labels, label) == null) labels[label] = value;
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
