import {
  claimTemplateNames,
  compareQuantities,
  definePolicy,
  emptyDirOf,
  hasResource,
  isRecord,
  isZero,
  parseQuantity,
  type PodSubject,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'require-empty-dir-size-limit',
  category: 'storage',
  title: 'Require a size limit for each emptyDir',
  severity: 'medium',
  target: 'podSpec',
  optionalFacts: ['LimitRange'],
  profiles: { production: 'warn' },
  params: z.strictObject({
    default: z
      .string()
      .refine(isPositive, 'expected a quantity above zero, such as 1Gi')
      .optional()
      .describe('Size limit that the fix writes, such as 1Gi'),
  }),
  messages: {
    missing: 'The emptyDir {volume} has no size limit.',
    zero: 'The emptyDir {volume} has the size limit 0, which limits nothing.',
  },
  why: 'An emptyDir lies on the disk of its node, or in its memory: one that nobody limits fills it, and the kubelet then evicts this pod and its neighbours.',
  remediation: {
    missing: 'Set emptyDir.sizeLimit, for example 1Gi, or limits.ephemeral-storage of a container.',
    zero: 'Set emptyDir.sizeLimit to what the volume may hold, for example 1Gi.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
    'https://kubernetes.io/docs/concepts/storage/ephemeral-storage/',
  ],
  validate(pod, { report }) {
    const { volumes } = pod.podSpec;
    if (!Array.isArray(volumes)) return;
    const replaced = claimTemplateNames(pod.workload.object);
    for (let index = 0; index < volumes.length; index++) {
      const volume = (volumes as unknown[])[index];
      if (!isRecord(volume) || replaced.has(volume['name'])) continue;
      const emptyDir = emptyDirOf(volume);
      if (emptyDir === undefined) continue;
      const limit = emptyDir.sizeLimit;
      if (limitsSomething(limit) || isBounded(pod, emptyDir.medium)) continue;
      const data = { volume: typeof volume['name'] === 'string' ? volume['name'] : '' };
      const place = pod.at('volumes', index, 'emptyDir', 'sizeLimit');
      report({ message: limit == null ? 'missing' : 'zero', at: place, data });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['missing', 'zero'],
    requires: ['default'],
    apply(podSpec, { params, subject }) {
      if (params.default === undefined || !Array.isArray(podSpec.volumes)) return;
      const replaced = claimTemplateNames(subject.workload.object);
      for (const volume of podSpec.volumes) {
        if (!isRecord(volume) || replaced.has(volume.name)) continue;
        const emptyDir = emptyDirOf(volume);
        if (emptyDir === undefined || limitsSomething(emptyDir.sizeLimit)) continue;
        if (isBounded(subject, emptyDir.medium)) continue;
        volume.emptyDir ??= {};
        volume.emptyDir.sizeLimit = params.default;
      }
    },
  },
});

const zero = parseQuantity('0');

function isPositive(text: string): boolean {
  const quantity = parseQuantity(text);
  return quantity !== undefined && zero !== undefined && compareQuantities(quantity, zero) > 0;
}

/** The kubelet passes over zero. What is no quantity, or below zero, the API server refuses. */
function limitsSomething(limit: unknown): boolean {
  if (limit == null) return false;
  const quantity = parseQuantity(limit);
  return quantity === undefined || !isZero(quantity);
}

/**
 * Whether something else ends it: files in memory count towards the memory limits of the pod's containers, which
 * size the file system where each has one; those on disk count towards the pod's limit of ephemeral storage, the
 * sum of its containers' limits; huge pages are set aside beforehand.
 *
 * Source: calculateEmptyDirMemorySize in kubernetes/pkg/volume/emptydir/empty_dir.go, and
 * podEphemeralStorageLimitEviction in kubernetes/pkg/kubelet/eviction/eviction_manager.go.
 */
function isBounded({ containers }: PodSubject, medium: unknown): boolean {
  if (typeof medium === 'string' && medium.startsWith('HugePages')) return true;
  const own = containers.filter(({ containerClass }) => containerClass !== 'ephemeral');
  if (medium === 'Memory') {
    return own.length > 0 && own.every((subject) => hasResource(subject, 'limits', 'memory'));
  }
  return own.some((subject) => hasResource(subject, 'limits', 'ephemeral-storage'));
}
