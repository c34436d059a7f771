import { isRecord, kindKey, records } from '#sdk';
import type { Compiled } from './compiled.ts';
import type { Review } from './review.ts';

const controllerAccounts: ReadonlySet<string> = new Set(
  ['replicaset', 'deployment', 'statefulset', 'daemon-set', 'job', 'cronjob']
    .map((name) => `${name}-controller`)
    .concat('replication-controller', 'horizontal-pod-autoscaler')
    .map((name) => `system:serviceaccount:kube-system:${name}`)
    // Without --use-service-account-credentials all controllers share this user.
    .concat('system:kube-controller-manager'),
);

/**
 * Whether the object was made by one of the control plane's own controllers for an owner that was judged itself.
 * A node drain must never strand a running workload because a rule got stricter. The requester decides, since
 * users cannot forge it; owner references alone prove nothing.
 */
export function isJudgedController({ kinds }: Compiled, { user, object, operation }: Review): boolean {
  if (user === undefined || !controllerAccounts.has(user.username)) return false;
  if (operation === 'UPDATE') return true;
  return records(object.metadata?.ownerReferences).some(({ apiVersion, kind, controller }) => {
    if (controller !== true || typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
    return kinds.get(kindKey(apiVersion, kind))?.template !== undefined;
  });
}

const bookkeeping: ReadonlySet<string> = new Set([
  'finalizers',
  'ownerReferences',
  'managedFields',
  'resourceVersion',
  'generation',
]);

/** Whether an update changes nothing but finalizers, owner references and what the API server keeps itself. */
export function isMetadataOnly({ operation, object, oldObject }: Review): boolean {
  if (operation !== 'UPDATE' || oldObject === undefined) return false;
  return sameMembers(object, oldObject, (key, now, before) => {
    if (key === 'status') return true;
    return key === 'metadata' ? sameMetadata(now, before) : sameJson(now, before);
  });
}

function sameMetadata(now: unknown, before: unknown): boolean {
  if (!isRecord(now) || !isRecord(before)) return sameJson(now, before);
  return sameMembers(now, before, (key, a, b) => bookkeeping.has(key) || sameJson(a, b));
}

function sameMembers(a: object, b: object, same: (key: string, a: unknown, b: unknown) => boolean): boolean {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) =>
    same(key, left[key], right[key]),
  );
}

/** Deeper than any object of Kubernetes; what is nested deeper counts as changed instead of filling the stack. */
const deepest = 200;

function sameJson(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (depth > deepest) return false;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => sameJson(item, b[index], depth + 1))
    );
  }
  return (
    isRecord(a) && isRecord(b) && sameMembers(a, b, (_, left, right) => sameJson(left, right, depth + 1))
  );
}
