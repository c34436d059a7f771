import { definePolicy, isRecord, isTimeZone, parseCronSchedule, remember } from '#sdk';
import { z } from 'zod';

const parse = remember(1_000, parseCronSchedule);
/** The controller looks every ten seconds; a start with less time than that may be missed. */
const shortestDeadline = 10;

export default definePolicy({
  id: 'bound-cron-job',
  category: 'availability',
  title: 'Bound when and how often a CronJob runs',
  severity: 'medium',
  target: 'object',
  kinds: ['CronJob'],
  profiles: { baseline: 'warn', production: 'warn' },
  params: z.strictObject({
    maxJobsHistory: z.int().min(0).default(10).describe('Most finished Jobs to keep, of each kind'),
    concurrencyPolicy: z.enum(['Forbid', 'Replace']).optional().describe('What the fix writes'),
    startingDeadlineSeconds: z
      .int()
      .min(shortestDeadline)
      .optional()
      .describe('Seconds that the fix lets a start be late'),
  }),
  messages: {
    schedule: 'Kubernetes refuses the schedule of CronJob {name}: it {problem}.',
    never: 'CronJob {name} never runs: no day is as its schedule says.',
    timeZone: 'The time zone of CronJob {name} is not in the IANA time zone database.',
    concurrency:
      'CronJob {name} starts a Job while the one before is still running (concurrencyPolicy Allow).',
    startingDeadline: 'CronJob {name} does not say how late a Job may still start.',
    startingDeadlineTooShort:
      'CronJob {name} gives its Jobs {seconds} s to start; with less than 10 s they may never start.',
    history: 'CronJob {name} keeps {limit} finished Jobs, more than {max} ({field}).',
  },
  why: 'A CronJob that overlaps itself does its work twice or locks itself out, a start that was missed is made up for hours later in the middle of the day, and a schedule that never comes fails without a word.',
  remediation: {
    schedule:
      'Write minute, hour, day of the month, month and day of the week (0 to 6), or @daily and its like, and the time zone into spec.timeZone.',
    never: 'Choose a day that the month has.',
    timeZone: 'Write a name such as Europe/Berlin or Etc/UTC, in this spelling, or leave the field out.',
    concurrency: 'Set spec.concurrencyPolicy to Forbid, or to Replace where the new run matters more.',
    startingDeadline:
      'Set spec.startingDeadlineSeconds to how late a run is still of use, and to at least 10.',
    startingDeadlineTooShort: 'Set spec.startingDeadlineSeconds to at least 10.',
    history: 'Set spec.{field} to at most {max}.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/',
    'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/',
  ],
  validate({ object, at }, { params, report }) {
    const { spec } = object;
    if (!isRecord(spec)) return;
    if (typeof spec.schedule === 'string') {
      const { problem, never } = parse(spec.schedule);
      if (problem !== undefined)
        report({ message: 'schedule', at: at('spec', 'schedule'), data: { problem } });
      // A CronJob that is suspended for good waits for somebody to start its Jobs by hand.
      else if (never && spec.suspend !== true) report({ message: 'never', at: at('spec', 'schedule') });
    }
    if (spec.timeZone != null && !isTimeZone(spec.timeZone)) {
      report({ message: 'timeZone', at: at('spec', 'timeZone') });
    }
    if (allowsOverlap(spec.concurrencyPolicy)) {
      report({ message: 'concurrency', at: at('spec', 'concurrencyPolicy') });
    }
    const seconds: unknown = spec.startingDeadlineSeconds ?? undefined;
    if (seconds === undefined) {
      report({ message: 'startingDeadline', at: at('spec', 'startingDeadlineSeconds') });
    } else if (typeof seconds === 'number' && seconds < shortestDeadline) {
      report({
        message: 'startingDeadlineTooShort',
        at: at('spec', 'startingDeadlineSeconds'),
        data: { seconds },
      });
    }
    for (const field of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const) {
      const limit: unknown = spec[field] ?? (field === 'successfulJobsHistoryLimit' ? 3 : 1);
      if (typeof limit !== 'number' || limit <= params.maxJobsHistory) continue;
      report({
        message: 'history',
        at: at('spec', field),
        data: { limit, max: params.maxJobsHistory, field },
      });
    }
  },
  fix: {
    safety: 'optional',
    resolves: ['concurrency', 'startingDeadline'],
    requires: ['concurrencyPolicy', 'startingDeadlineSeconds'],
    apply({ spec }, { params }) {
      const { concurrencyPolicy, startingDeadlineSeconds } = params;
      if (!isRecord(spec) || concurrencyPolicy === undefined || startingDeadlineSeconds === undefined) return;
      if (allowsOverlap(spec.concurrencyPolicy)) {
        spec.concurrencyPolicy = concurrencyPolicy;
      }
      spec.startingDeadlineSeconds ??= startingDeadlineSeconds;
    },
  },
});

/** The API server writes Allow where nothing is said. */
function allowsOverlap(concurrencyPolicy: unknown): boolean {
  return concurrencyPolicy == null || concurrencyPolicy === '' || concurrencyPolicy === 'Allow';
}
