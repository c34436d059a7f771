import { definePolicy, isAmong, namePatterns, property, text } from '#sdk';
import { z } from 'zod';

const label = 'daygate.dev/profile';

export default definePolicy({
  id: 'bound-profile-change',
  category: 'delivery',
  title: 'Bound who may choose the profile of a namespace',
  severity: 'high',
  target: 'request',
  kinds: ['Namespace'],
  operations: ['CREATE', 'UPDATE'],
  profiles: {},
  params: z.strictObject({
    users: namePatterns.default([]).describe('Users that may set the label; a name may end in *'),
    groups: namePatterns
      .default(['system:masters'])
      .describe('Groups whose members may set the label; a name may end in *'),
  }),
  messages: {
    changed: '{user} may not change the profile of the namespace {name} from {before} to {after}.',
    chosen: '{user} may not choose the profile {after} for the namespace {name}.',
  },
  why: 'The label decides which rules hold in a namespace: whoever may set it may switch them off.',
  remediation: {
    changed: 'Leave the label daygate.dev/profile as it was, or ask those who may change it.',
    chosen: 'Leave out the label daygate.dev/profile, or ask those who may set it.',
  },
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  ],
  validate({ object, oldObject, user, operation, at }, { params, report }) {
    const after = text(property(object.metadata?.labels, label));
    const before = text(property(oldObject?.metadata?.labels, label));
    if (after === before) return;
    if (isAmong(user, params.users, params.groups)) return;
    const place = at('metadata', 'labels', label);
    const data = { user: user.username, after: shown(after) };
    if (operation === 'CREATE') report({ message: 'chosen', at: place, data });
    else report({ message: 'changed', at: place, data: { ...data, before: shown(before) } });
  },
});

/** The label may be there without a value. */
function shown(profile = 'none'): string {
  return profile === '' ? '""' : profile;
}
