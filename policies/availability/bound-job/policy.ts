import { definePolicy, isControlled, isRecord, property, propertyAt, type Draft, type JobSpec } from '#sdk';
import { z } from 'zod';

/** What makes Helm and Argo CD delete a Job themselves. */
const hooks = ['helm.sh/hook', 'argocd.argoproj.io/hook'];

export default definePolicy({
  id: 'bound-job',
  category: 'availability',
  title: 'Bound what a Job may take',
  severity: 'medium',
  target: 'object',
  kinds: ['Job', 'CronJob'],
  profiles: { baseline: 'warn', production: 'warn' },
  params: z.strictObject({
    maxBackoffLimit: z.int().min(0).default(6).describe('Most retries of a Job, or of each index'),
    activeDeadlineSeconds: z.int().min(1).optional().describe('Deadline that the fix writes'),
    ttlSecondsAfterFinished: z
      .int()
      .min(0)
      .optional()
      .describe('Seconds that the fix keeps finished Jobs for'),
  }),
  messages: {
    deadline: '{kind} {name} sets no deadline: a run that hangs is never ended.',
    backoff: '{kind} {name} retries {limit} times, more than {max} ({field}).',
    ttl: '{kind} {name} stays in the cluster with its pods after it has finished.',
  },
  why: 'A Job that hangs keeps what it has reserved until somebody notices, one that fails at once is retried for hours, and finished Jobs pile up with their pods until the API server slows down.',
  remediation: {
    deadline: 'Set activeDeadlineSeconds of the Job to what a run may take at worst.',
    backoff: 'Set {field} to at most {max}.',
    ttl: 'Set spec.ttlSecondsAfterFinished to how long its logs are of use.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/job/#handling-pod-and-container-failures',
    'https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/',
  ],
  validate({ object, kind, pod, at }, { params, report }) {
    // The Jobs of a CronJob are as its template says.
    if (isControlled(object)) return;
    const path = pathOf(kind.kind);
    const spec = propertyAt(object, path);
    if (!isRecord(spec)) return;
    const job: JobSpec = spec;
    const ofPod = pod?.podSpec.activeDeadlineSeconds;
    // A deadline of the pods bounds the Job, too, as often as it retries.
    if (job.activeDeadlineSeconds == null && ofPod == null) {
      report({ message: 'deadline', at: at(...path, 'activeDeadlineSeconds') });
    }
    // With a limit for each index the other one has no bound of its own (SetDefaults_Job).
    const field = job.backoffLimitPerIndex == null ? 'backoffLimit' : 'backoffLimitPerIndex';
    const limit: unknown = job[field] ?? 6;
    if (typeof limit === 'number' && limit > params.maxBackoffLimit) {
      const data = { limit, max: params.maxBackoffLimit, field };
      report({ message: 'backoff', at: at(...path, field), data });
    }
    if (kind.kind === 'CronJob' || job.ttlSecondsAfterFinished != null) return;
    const annotations = object.metadata?.annotations;
    if (hooks.some((hook) => property(annotations, hook) !== undefined)) return;
    report({ message: 'ttl', at: at(...path, 'ttlSecondsAfterFinished') });
  },
  fix: {
    safety: 'optional',
    resolves: ['deadline', 'ttl'],
    requires: ['activeDeadlineSeconds', 'ttlSecondsAfterFinished'],
    apply(object, { params, subject: { kind, pod, object: own } }) {
      const { activeDeadlineSeconds, ttlSecondsAfterFinished } = params;
      const spec = propertyAt(object, pathOf(kind.kind));
      if (!isRecord(spec) || activeDeadlineSeconds === undefined || ttlSecondsAfterFinished === undefined)
        return;
      const job: Draft<JobSpec> = spec;
      if (pod?.podSpec.activeDeadlineSeconds == null) job.activeDeadlineSeconds ??= activeDeadlineSeconds;
      const isHook = hooks.some((hook) => property(own.metadata?.annotations, hook) !== undefined);
      if (kind.kind === 'Job' && !isHook) job.ttlSecondsAfterFinished ??= ttlSecondsAfterFinished;
    },
  },
});

function pathOf(kind: string): readonly string[] {
  return kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec'] : ['spec'];
}
