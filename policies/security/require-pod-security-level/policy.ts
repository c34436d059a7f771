import { definePolicy, isRecord, property } from '#sdk';
import { z } from 'zod';

/** From lax to strict. */
const levels = ['privileged', 'baseline', 'restricted'] as const;
type Level = (typeof levels)[number];
const levelLabel = 'pod-security.kubernetes.io/enforce';
const versionLabel = 'pod-security.kubernetes.io/enforce-version';
/** ParseVersion of k8s.io/pod-security-admission/api. */
const versionPattern = /^(?:latest|v1\.(?:0|[1-9]\d*))$/;

export default definePolicy({
  id: 'require-pod-security-level',
  category: 'security',
  title: 'Require a Pod Security level for each namespace',
  severity: 'medium',
  target: 'object',
  kinds: ['Namespace'],
  profiles: { production: 'warn' },
  params: z
    .strictObject({
      lowest: z.enum(levels).default('privileged').describe('Laxest level that is enough'),
      requireVersion: z
        .boolean()
        .default(false)
        .describe('Whether the namespace has to say which version of the standards it enforces'),
      exempt: z
        .array(z.string().min(1))
        .default(['kube-system', 'kube-public', 'kube-node-lease'])
        .describe('Namespaces that are left alone'),
      level: z.enum(levels).optional().describe('Level that the fix writes where there is none'),
      version: z
        .string()
        .regex(versionPattern, 'expected latest or a version such as v1.36')
        .default('latest')
        .describe('Version that the fix writes where requireVersion asks for one'),
    })
    .refine(({ level, lowest }) => level === undefined || isEnough(level, lowest), {
      path: ['level'],
      error: 'is laxer than lowest',
    }),
  messages: {
    missing: 'Namespace {name} states no Pod Security level that it enforces.',
    unknown: 'Namespace {name} enforces a Pod Security level that does not exist.',
    tooLow: 'Namespace {name} enforces the Pod Security level {stated}, which is laxer than {lowest}.',
    versionMissing: 'Namespace {name} states no version of the Pod Security level that it enforces.',
    versionUnknown: 'Namespace {name} enforces a version of its Pod Security level that does not exist.',
  },
  why: 'Kubernetes itself refuses pods that break the Pod Security Standards, even while every webhook is down, but only in namespaces that ask for it: without the label everything is allowed there.',
  remediation: {
    missing: `Add the label ${levelLabel} with the level restricted, baseline or privileged.`,
    unknown: `Set the label ${levelLabel} to restricted, baseline or privileged.`,
    tooLow: `Set the label ${levelLabel} to {lowest} or a stricter level.`,
    versionMissing: `Add the label ${versionLabel} with latest or a minor version such as v1.36.`,
    versionUnknown: `Set the label ${versionLabel} to latest or a minor version such as v1.36.`,
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/',
  ],
  validate({ object, name, at }, { params, report }) {
    if (params.exempt.includes(name)) return;
    const labels = object.metadata?.labels;
    const stated: unknown = property(labels, levelLabel);
    const rank = levels.findIndex((level) => level === stated);
    const { lowest } = params;
    const place = at('metadata', 'labels', levelLabel);
    if (stated == null) report({ message: 'missing', at: place });
    else if (rank < 0) report({ message: 'unknown', at: place });
    else if (!isEnough(levels[rank], lowest)) {
      report({ message: 'tooLow', at: place, data: { stated: levels[rank] ?? '', lowest } });
    }
    const version: unknown = property(labels, versionLabel);
    if (version == null) {
      if (params.requireVersion)
        report({ message: 'versionMissing', at: at('metadata', 'labels', versionLabel) });
    } else if (typeof version !== 'string' || !versionPattern.test(version)) {
      report({ message: 'versionUnknown', at: at('metadata', 'labels', versionLabel) });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['missing', 'versionMissing'],
    requires: ['level'],
    apply(namespace, { params }) {
      const { level, requireVersion, version } = params;
      const labels = namespace.metadata?.labels;
      const writesLevel = property(labels, levelLabel) == null;
      const writesVersion = requireVersion && property(labels, versionLabel) == null;
      if (level === undefined || !(writesLevel || writesVersion)) return;
      namespace.metadata ??= {};
      if (!isRecord(namespace.metadata)) return;
      namespace.metadata.labels ??= {};
      if (!isRecord(namespace.metadata.labels)) return;
      if (writesLevel) namespace.metadata.labels[levelLabel] = level;
      if (writesVersion) namespace.metadata.labels[versionLabel] = version;
    },
  },
});

function isEnough(level: Level | undefined, lowest: Level): boolean {
  return level !== undefined && levels.indexOf(level) >= levels.indexOf(lowest);
}
