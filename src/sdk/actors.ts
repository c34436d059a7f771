import { matchesName } from './name-pattern.ts';
import type { UserInfo } from './subjects.ts';

/**
 * Users of the control plane. Nobody else can take these names: what begins with `system:` is reserved, and the
 * accounts of kube-system belong to whoever runs the cluster.
 */
const controlPlane =
  /^system:(?:kube-controller-manager|kube-scheduler|apiserver|node:.+|serviceaccount:kube-system:(?:[a-z0-9-]+-controller|horizontal-pod-autoscaler|generic-garbage-collector|pod-garbage-collector))$/;

/**
 * Whether a user is one of the control plane's own: what makes pods, scales, places them, runs what was bound to a
 * node, and collects what has no owner. Never throws.
 *
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
 *
 * @example
 * isControlPlane({ username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] }); // true
 */
export function isControlPlane({ username }: UserInfo): boolean {
  return controlPlane.test(username);
}

/**
 * Whether a user is among the named ones, or in one of the named groups. Names may end in `*` for all that begin with
 * them. Never throws.
 *
 * @example
 * isAmong({ username: 'bob', groups: ['on-call'] }, [], ['on-call']); // true
 */
export function isAmong(
  { username, groups }: UserInfo,
  users: readonly string[],
  memberships: readonly string[],
): boolean {
  return matchesName(username, users) || groupAmong(groups, memberships) !== undefined;
}

/**
 * The first group of a user that is among the named ones, undefined where none is. Names may end in `*`. Never throws.
 *
 * @example
 * groupAmong(['developers', 'on-call-eu'], ['on-call-*']); // 'on-call-eu'
 */
export function groupAmong(groups: readonly string[], memberships: readonly string[]): string | undefined {
  return groups.find((group) => matchesName(group, memberships));
}
