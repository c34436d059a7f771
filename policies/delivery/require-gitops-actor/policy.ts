import { definePolicy, property, text } from '#sdk';
import { z } from 'zod';

const reason = 'daygate.dev/reason';

/**
 * What the control plane does with workloads by itself: make pods, scale, collect what has no owner, run what was
 * bound to a node. Users cannot take these names: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
const controlPlane =
  /^system:(?:kube-controller-manager|kube-scheduler|apiserver|node:.+|serviceaccount:kube-system:(?:[a-z0-9-]+-controller|horizontal-pod-autoscaler|generic-garbage-collector|pod-garbage-collector))$/;

const names = (what: string) =>
  z
    .array(z.string().regex(/^(?:[^*]+\*?|\*)$/, 'expected a name, or the beginning of one followed by *'))
    .default([])
    .describe(`${what}; a name may end in * for all that begin with it`);

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
  },
  why: 'What is changed by hand is in no review and no history, and the next synchronisation takes it back or fights it.',
  remediation: {
    actor:
      'Change it in Git and let the GitOps controller apply it; in an emergency use a break-glass account.',
    reason:
      'Say why in the annotation daygate.dev/reason of the object, with the change or before it (kubectl annotate).',
  },
  references: [
    'https://opengitops.dev/',
    'https://kubernetes.io/docs/reference/access-authn-authz/authentication/',
  ],
  validate({ object, user, namespace, subresource, at }, { params, report }) {
    if (namespace === undefined || !isAmong(namespace, params.namespaces)) return;
    const { username, groups } = user;
    if (controlPlane.test(username) || isAmong(username, params.actors)) return;
    if (groups.some((group) => isAmong(group, params.actorGroups))) return;
    const data = { user: username, namespace };
    if (!groups.some((group) => isAmong(group, params.breakGlassGroups))) {
      report({ message: 'actor', at: at('metadata'), data });
      return;
    }
    // A Scale carries no annotations of its workload: there is no place for a reason.
    if (subresource === 'scale') return;
    const given = text(property(object.metadata?.annotations, reason));
    if (given === undefined || given.trim() === '') {
      report({ message: 'reason', at: at('metadata', 'annotations', reason), data });
    }
  },
});

function isAmong(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}
