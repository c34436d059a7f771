import { definePolicy, isControlled, property, startOfDay, text } from '#sdk';
import { z } from 'zod';

const recordName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/, 'expected a name in small letters and dashes');
const prefix = 'daygate.dev/attested-';
const dayMs = 24 * 60 * 60 * 1000;

export default definePolicy({
  id: 'require-attestation',
  category: 'operations',
  title: 'Require dated records of what no manifest shows',
  severity: 'medium',
  target: 'object',
  kinds: ['Workload'],
  profiles: {},
  params: z.strictObject({
    maxAgeDays: z
      .record(recordName, z.int().positive())
      .default({})
      .describe('Age in days that a record may reach, by name: { restore-test: 90, load-test: 180 }'),
    kinds: z
      .record(recordName, z.array(z.string().min(1)).min(1))
      .default({})
      .describe('Kinds that are asked for a record, by its name: { restore-test: [StatefulSet] }'),
  }),
  messages: {
    missing: '{kind} {name} has no record of a {record} in the annotation {annotation}.',
    date: 'The annotation {annotation} of {kind} {name} is no day such as 2026-03-31.',
    future: 'The record of the {record} of {kind} {name} lies in the future.',
    old: 'The last {record} of {kind} {name} was {days} days ago, more than the {max} that are allowed.',
  },
  why: 'A backup that was never restored, a limit that was never reached and a failover that nobody tried are hopes. Only a date says that somebody looked.',
  remediation: {
    missing: 'Do the {record}, and write its day into the annotation {annotation}.',
    date: 'Write the day as year-month-day into the annotation {annotation}.',
    future: 'Write the day on which the {record} was done.',
    old: 'Do the {record} again, and write its day into the annotation daygate.dev/attested-{record}.',
  },
  references: [
    'https://sre.google/sre-book/testing-reliability/',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
  ],
  validate({ object, kind, now, at }, { params, report }) {
    if (isControlled(object)) return;
    for (const [record, max] of Object.entries(params.maxAgeDays)) {
      if (property(params.kinds, record)?.includes(kind.kind) === false) continue;
      const annotation = `${prefix}${record}`;
      const place = at('metadata', 'annotations', annotation);
      const value = (text(property(object.metadata?.annotations, annotation)) ?? '').trim();
      const days = Math.floor((now - startOfDay(value)) / dayMs);
      if (value === '') report({ message: 'missing', at: place, data: { record, annotation } });
      else if (Number.isNaN(days)) report({ message: 'date', at: place, data: { annotation } });
      // Where clocks are ahead of UTC it is tomorrow already.
      else if (days < -1) report({ message: 'future', at: place, data: { record } });
      else if (days > max) report({ message: 'old', at: place, data: { record, days, max } });
    }
  },
});
