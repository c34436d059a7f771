import { builtinKinds, groupOf, isRecord, kindKey, records, sameJson, sameMembers } from '#sdk';
import type { Compiled, Entry, Plan, Reported } from './compiled.ts';
import { evaluate } from './evaluate.ts';
import type { Exceptions } from './exceptions.ts';
import { locator } from './locate.ts';
import { foundBefore } from './old-findings.ts';
import { isAboutPods, narrowPlan } from './plans.ts';
import type { Leniency, Review } from './review.ts';
import { runFixes } from './run-fixes.ts';

/** What policies reported of a review. */
export interface ReportedFindings {
  readonly raw: readonly Reported[];
  /** What policies said of the old object that did not run here. */
  readonly before: readonly Reported[];
  readonly factsLag: boolean;
}

/** What a finding leads to, before anything softens it. */
export function actionOf({ entry, message }: Pick<Reported, 'entry' | 'message'>): Entry['action'] {
  return entry.policy.onRecord?.includes(message) === true ? 'audit' : entry.action;
}

/** Why a denial is softened to a warning. The old object is only judged when there is something to deny. */
export function leniencyOf(
  compiled: Compiled,
  plan: Plan,
  review: Review,
  { raw, before: elsewhere, factsLag }: ReportedFindings,
  exceptions: Exceptions,
): (finding: Reported) => Leniency | undefined {
  if (!raw.some((finding) => actionOf(finding) === 'deny')) return () => undefined;
  if (isMetadataOnly(review)) return () => 'metadata-only';
  if (isJudgedController(compiled, review)) return () => 'controller';
  const isOld = foundBefore(compiled, plan, review, { raw, before: elsewhere }, exceptions);
  const denied = factsLag ? deniedWithoutFacts(compiled, plan, review, raw) : undefined;
  const isFixedOnPods = fixedOnPods(compiled, plan, review, raw);
  return (finding) => {
    if (isOld(finding)) return 'old-object';
    if (isFixedOnPods(finding)) return 'fixed-on-pod';
    if (denied?.(finding) === false) return 'late-facts';
    return undefined;
  };
}

function place(object: unknown, { entry, message, at }: Reported): string {
  return `${entry.policy.id} ${message} ${locator(object, at)}`;
}

/**
 * Which findings of a workload the fixes of its pods will resolve. They are tried on the workload: one may have nothing
 * right to write, and nobody would refuse the pod later, since a controller makes it.
 */
function fixedOnPods(
  compiled: Compiled,
  plan: Plan,
  review: Review,
  raw: readonly Reported[],
): (finding: Reported) => boolean {
  const runs = ({ policy, fixOnAdmission }: Entry): boolean => fixOnAdmission && isAboutPods(policy);
  const isPromised = ({ entry, message }: Reported): boolean => runs(entry) && entry.fixable.has(message);
  if (plan.kind === builtinKinds.Pod || !raw.some(isPromised)) return () => false;
  const fixes = narrowPlan(plan, runs);
  const { object } = runFixes(compiled, fixes, review);
  const left = new Set(
    evaluate(compiled, fixes, review, object).findings.map((finding) => place(object, finding)),
  );
  return (finding) => isPromised(finding) && !left.has(place(review.object, finding));
}

/**
 * Whether a policy denies at the same place when it is told nothing of other objects. What is applied together arrives
 * one after the other, and a watch tells of it later still: what is missing may be on its way, and what is there may be
 * gone. So facts take denials back, and add none.
 */
function deniedWithoutFacts(
  compiled: Compiled,
  plan: Plan,
  review: Review,
  raw: readonly Reported[],
): ((finding: Reported) => boolean) | undefined {
  const asksFacts = ({ entry: { policy } }: Reported): boolean =>
    (policy.facts ?? policy.optionalFacts) !== undefined;
  if (review.facts === undefined || !raw.some((finding) => asksFacts(finding))) return undefined;
  const placeOf = ({ entry, at }: Reported): string => `${entry.policy.id} ${locator(review.object, at)}`;
  const { findings } = evaluate(compiled, plan, { ...review, facts: undefined });
  const places = new Set(findings.filter((finding) => actionOf(finding) === 'deny').map(placeOf));
  return (finding) => !asksFacts(finding) || places.has(placeOf(finding));
}

const controllerAccounts: ReadonlySet<string> = new Set(
  ['replicaset', 'deployment', 'statefulset', 'daemon-set', 'job', 'cronjob']
    .map((name) => `${name}-controller`)
    .concat('replication-controller', 'horizontal-pod-autoscaler')
    .map((name) => `system:serviceaccount:kube-system:${name}`)
    // Without --use-service-account-credentials all controllers share this user.
    .concat('system:kube-controller-manager'),
);

/**
 * Whether the object was made by one of the control plane's own controllers, or one that settings name, for an owner that
 * was judged itself. A node drain must never strand a running workload because a rule got stricter. The requester
 * decides, since users cannot forge it; owner references alone prove nothing.
 */
export function isJudgedController({ kinds, settings }: Compiled, review: Review): boolean {
  const { user, object, operation } = review;
  if (user === undefined) return false;
  const { username } = user;
  const isBuiltin = controllerAccounts.has(username);
  if (isBuiltin && operation === 'UPDATE') return true;
  const own = settings.workloads.filter(({ controller }) => controller === username);
  if (!isBuiltin && own.length === 0) return false;
  return records(object.metadata?.ownerReferences).some(({ apiVersion, kind, controller }) => {
    if (controller !== true || typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
    const group = groupOf(apiVersion);
    if (own.some((workload) => workload.kind === kind && workload.group === group)) return true;
    return isBuiltin && kinds.get(kindKey(apiVersion, kind))?.template !== undefined;
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
function isMetadataOnly({ operation, object, oldObject }: Review): boolean {
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
