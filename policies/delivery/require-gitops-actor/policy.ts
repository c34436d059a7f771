import {
  definePolicy,
  groupAmong,
  isAmong,
  isControlPlane,
  matchesName,
  namePatterns,
  property,
  text,
} from '#sdk';
import { z } from 'zod';

const reason = 'daygate.dev/reason';

const names = (what: string) =>
  namePatterns.default([]).describe(`${what}; a name may end in * for all that begin with it`);

export default definePolicy({
  id: 'require-gitops-actor',
  category: 'delivery',
  title: 'Require changes to come from GitOps',
  severity: 'high',
  target: 'request',
  kinds: ['Workload'],
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  subresources: ['scale', 'resize'],
  profiles: {},
  params: z.strictObject({
    namespaces: names('Namespaces in which the policy holds'),
    actors: names('Users that may change workloads, such as system:serviceaccount:argocd:*'),
    actorGroups: names('Groups whose members may change workloads'),
    breakGlassGroups: names('Groups whose members may change workloads if they give a reason'),
  }),
  messages: {
    actor: '{user} is not among those who may change workloads in {namespace}.',
    reason: '{user} changes a workload in {namespace} without giving a reason.',
    breakGlass: '{user} changes a workload in {namespace} as a member of {group}, for emergencies.',
  },
  onRecord: ['breakGlass'],
  why: 'What is changed by hand is in no review and no history, and the next synchronisation takes it back or fights it.',
  remediation: {
    actor:
      'Change it in Git and let the GitOps controller apply it; in an emergency use a break-glass account.',
    reason:
      'Say why in the annotation daygate.dev/reason of the object, with the change or before it (kubectl annotate).',
    breakGlass: 'Nothing: this is for the record. Bring the change to Git when the emergency is over.',
  },
  references: [
    'https://opengitops.dev/',
    'https://kubernetes.io/docs/reference/access-authn-authz/authentication/',
  ],
  validate({ object, user, namespace, subresource, at }, { params, report }) {
    if (namespace === undefined || !matchesName(namespace, params.namespaces)) return;
    if (isControlPlane(user) || isAmong(user, params.actors, params.actorGroups)) return;
    const data = { user: user.username, namespace };
    const group = groupAmong(user.groups, params.breakGlassGroups);
    if (group === undefined) {
      report({ message: 'actor', at: at('metadata'), data });
      return;
    }
    const given = text(property(object.metadata?.annotations, reason)) ?? '';
    // A Scale carries no annotations of its workload: there is no place for a reason.
    if (given.trim() === '' && subresource !== 'scale') {
      report({ message: 'reason', at: at('metadata', 'annotations', reason), data });
    } else report({ message: 'breakGlass', at: at('metadata'), data: { ...data, group } });
  },
});
