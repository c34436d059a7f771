import {
  builtinKinds,
  claimTemplateNames,
  grouping,
  isControlled,
  isTiedToNode,
  list,
  property,
  replicaRange,
  targetKeyOf,
  text,
  topOwners,
  type Facts,
  type PodSpec,
  type WorkloadFact,
} from '#sdk';

/** A claim that a pod template names, and where it does so first. */
export interface UsedClaim {
  readonly claim: string;
  readonly index: number;
}

/** What uses a claim, as far as it counts. */
type User = Pick<WorkloadFact, 'kind' | 'object' | 'namespace' | 'podSpec'>;

/** The claims that all pods of a workload share. A StatefulSet's own claims replace volumes of the same name. */
export function claimsOf({ object, podSpec }: Pick<User, 'object' | 'podSpec'>): readonly UsedClaim[] {
  const own = claimTemplateNames(object);
  const used = new Map<string, UsedClaim>();
  for (const [index, volume] of list<unknown>(podSpec.volumes).entries()) {
    const claim = text(property(property(volume, 'persistentVolumeClaim'), 'claimName')) ?? '';
    if (claim === '' || used.has(claim) || own.has(property(volume, 'name'))) continue;
    used.set(claim, { claim, index });
  }
  return [...used.values()];
}

const byClaim = grouping((workload: WorkloadFact) => claimsOf(workload).map(({ claim }) => claim));

/**
 * Others that keep the claim while the workload runs. What runs once waits for its turn or has had it, and so do two
 * that run from time to time.
 */
export function rivals(user: User, claim: string, mode: string, facts: Facts): readonly WorkloadFact[] {
  const own = rhythmOf(user);
  if (own === 'once' || mostPods(user, facts) === 0 || isTogether(user, mode)) return [];
  const users = byClaim(facts.workloads(user.namespace)).get(claim) ?? [];
  return topOwners(users).filter((other) => {
    if (isSame(other, user) || mostPods(other, facts) === 0 || isTogether(other, mode)) return false;
    const rhythm = rhythmOf(other);
    return rhythm !== 'once' && (own === 'always' || rhythm === 'always');
  });
}

/**
 * How many pods a workload may run at the same time, infinitely many where there is one for each node; one where
 * nobody can tell.
 */
export function mostPods({ kind, object, namespace }: Omit<User, 'podSpec'>, facts: Facts): number {
  if (kind === builtinKinds.DaemonSet) return Infinity;
  if (kind === builtinKinds.Job) return parallelPods(object.spec);
  if (kind === builtinKinds.CronJob) {
    const { spec } = object;
    return property(spec, 'suspend') === true
      ? 0
      : parallelPods(property(property(spec, 'jobTemplate'), 'spec'));
  }
  return replicaRange({ kind, object, namespace }, facts)?.most ?? 1;
}

function parallelPods(spec: unknown): number {
  const [parallelism = 1, completions = Infinity] = ['parallelism', 'completions'].map((field) => {
    const value = property(spec, field);
    return typeof value === 'number' ? value : undefined;
  });
  return Math.min(parallelism, completions);
}

/** Pods on one node can share what one node at a time can mount, and not what is for one pod. */
export function isTogether({ kind, podSpec }: Pick<User, 'kind' | 'podSpec'>, mode: string): boolean {
  if (mode === 'ReadWriteOncePod') return false;
  // Where a Pod was placed says nothing of where the others are.
  return isTiedToNode(kind === builtinKinds.Pod ? { ...podSpec, nodeName: null } : podSpec);
}

function rhythmOf({ kind, object, podSpec }: User): 'always' | 'sometimes' | 'once' {
  if (kind === builtinKinds.CronJob) return 'sometimes';
  if (kind === builtinKinds.Job) return 'once';
  if (kind !== builtinKinds.Pod) return 'always';
  return endsByItself(podSpec) || isControlled(object) ? 'once' : 'always';
}

function endsByItself({ restartPolicy }: PodSpec): boolean {
  return restartPolicy === 'Never' || restartPolicy === 'OnFailure';
}

function isSame(a: User, b: User): boolean {
  return (
    targetKeyOf(a.kind, text(a.object.metadata?.name) ?? '') ===
    targetKeyOf(b.kind, text(b.object.metadata?.name) ?? '')
  );
}
