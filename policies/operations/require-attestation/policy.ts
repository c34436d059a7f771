import { definePolicy, isControlled, property, text } from '#sdk';
import { z } from 'zod';

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
      .record(
        z
          .string()
          .regex(/^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/, 'expected a name in small letters and dashes'),
        z.int().positive(),
      )
      .default({})
      .describe('Age in days that a record may reach, by name: { restore-test: 90, load-test: 180 }'),
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
  validate({ object, now, at }, { params, report }) {
    if (isControlled(object)) return;
    for (const [record, max] of Object.entries(params.maxAgeDays)) {
      const annotation = `${prefix}${record}`;
      const place = at('metadata', 'annotations', annotation);
      const value = text(property(object.metadata?.annotations, annotation)) ?? '';
      const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : NaN;
      const days = Math.floor((now - day) / dayMs);
      if (value === '') report({ message: 'missing', at: place, data: { record, annotation } });
      else if (Number.isNaN(day)) report({ message: 'date', at: place, data: { annotation } });
      else if (days < 0) report({ message: 'future', at: place, data: { record } });
      else if (days > max) report({ message: 'old', at: place, data: { record, days, max } });
    }
  },
});
