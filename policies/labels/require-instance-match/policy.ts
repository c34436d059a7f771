import { definePolicy, isControlled, property } from '#sdk';
import { z } from 'zod';

const label = 'app.kubernetes.io/instance';

export default definePolicy({
  id: 'require-instance-match',
  category: 'labels',
  title: 'Require the instance label to agree with the name',
  severity: 'low',
  target: 'object',
  kinds: ['Workload'],
  profiles: {},
  params: z.strictObject({}),
  messages: {
    differs:
      'The name {name} does not begin with the instance that the label app.kubernetes.io/instance names.',
  },
  why: 'Who searches by the label finds one set of objects and who searches by the name another; one of the two was copied from elsewhere.',
  remediation:
    'Set app.kubernetes.io/instance to the name of the workload, or to the beginning of it before a dash.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/'],
  validate({ object, name, at }, { report }) {
    const stated: unknown = property(object.metadata?.labels, label);
    // The API server reads a blank label as one with the empty text.
    const instance = stated === null ? '' : stated;
    if (typeof instance !== 'string' || name === '' || isControlled(object)) return;
    if (name !== instance && !name.startsWith(`${instance}-`))
      report({ message: 'differs', at: at('metadata', 'labels', label) });
  },
});
