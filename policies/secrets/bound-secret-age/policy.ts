import { definePolicy, property, startOfDay, text } from '#sdk';
import { z } from 'zod';

const dayMs = 24 * 60 * 60 * 1000;
/** Types of Secrets that hold no credential, or one that ends by itself. */
const others: ReadonlySet<string> = new Set(['helm.sh/release.v1', 'bootstrap.kubernetes.io/token']);

export default definePolicy({
  id: 'bound-secret-age',
  category: 'secrets',
  title: 'Bound the age of Secrets',
  severity: 'medium',
  target: 'object',
  kinds: ['Secret'],
  profiles: {},
  params: z.strictObject({
    maxAgeDays: z
      .int()
      .positive()
      .default(180)
      .describe('Age in days that a Secret may reach without being rotated'),
    annotation: z
      .string()
      .min(1)
      .default('daygate.dev/rotated')
      .describe('Annotation with the day of the last rotation'),
  }),
  messages: {
    old: 'The Secret {name} was {event} {days} days ago, more than the {max} that are allowed.',
    date: 'The annotation {annotation} of the Secret {name} is no day such as 2026-03-31.',
    future: 'The rotation in the annotation {annotation} of the Secret {name} lies in the future.',
  },
  why: 'What has leaked without anybody noticing is worth something until it is rotated; and what was never rotated cannot be rotated in a hurry.',
  remediation: {
    old: 'Rotate the credential, and write the day into the annotation of the rotation (daygate.dev/rotated, unless a parameter says otherwise).',
    date: 'Write the day of the last rotation as year-month-day.',
    future: 'Write the day on which the credential was last rotated.',
  },
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  validate({ object, now, at }, { params: { maxAgeDays: max, annotation }, report }) {
    if (others.has(text(object.type) ?? '')) return;
    const annotations = object.metadata?.annotations;
    // cert-manager renews the certificate in place, and says nothing of the day.
    if (property(annotations, 'cert-manager.io/certificate-name') !== undefined) return;
    const rotated = text(property(annotations, annotation));
    // A manifest that was never applied has no age.
    const since = rotated ?? text(object.metadata?.creationTimestamp);
    if (since === undefined) return;
    const place =
      rotated === undefined ? at('metadata', 'creationTimestamp') : at('metadata', 'annotations', annotation);
    const days = Math.floor((now - startOfDay(since.trim())) / dayMs);
    const event = rotated === undefined ? 'made' : 'last rotated';
    if (days > max) report({ message: 'old', at: place, data: { event, days, max } });
    if (rotated === undefined) return;
    if (Number.isNaN(days)) report({ message: 'date', at: place, data: { annotation } });
    // Where clocks are ahead of UTC it is tomorrow already.
    else if (days < -1) report({ message: 'future', at: place, data: { annotation } });
  },
});
