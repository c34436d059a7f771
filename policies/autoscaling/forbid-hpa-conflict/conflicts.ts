import {
  autoscalersOfTarget,
  builtinKinds,
  isKeptByKeda,
  objectName,
  property,
  records,
  resourceMetrics,
  resourceTriggers,
  scaledObjectKind,
  scaledObjectTarget,
  scaledWorkload,
  scaleTargetKey,
  text,
  verticalAutoscalersOf,
  writesRequests,
  type Facts,
  type HorizontalPodAutoscaler,
  type Path,
  type RelationSubject,
  type ResourceMetric,
  type ScaledObject,
  type VerticalPodAutoscaler,
} from '#sdk';

/** Two autoscalers of one workload. */
export type Conflict =
  | { readonly message: 'replicas'; readonly at: Path; readonly data: { target: string; other: string } }
  | { readonly message: 'requests'; readonly at: Path; readonly data: { target: string; other: string } }
  | {
      readonly message: 'goesBy' | 'changes';
      readonly at: Path;
      readonly data: { target: string; other: string; resource: string };
    };

/** What sets the replicas of a workload: who else does, and who changes what it measures by. */
export function conflictsOfScaler(
  subject: RelationSubject<HorizontalPodAutoscaler | ScaledObject>,
): readonly Conflict[] {
  const { object, kind, namespace, facts } = subject;
  const isHorizontal = kind === builtinKinds.HorizontalPodAutoscaler;
  const reference = property(object.spec, 'scaleTargetRef');
  const key = isHorizontal ? scaleTargetKey(reference) : scaledObjectTarget(object);
  if (key === undefined) return [];
  const conflicts: Conflict[] = [];
  const target = described(reference);
  const rival = rivalOf(subject, key);
  if (rival !== undefined) {
    conflicts.push({ message: 'replicas', at: ['spec', 'scaleTargetRef'], data: { target, other: rival } });
  }
  const verticals = verticalAutoscalersOf(key, facts, namespace);
  const containers = containersOf(key, facts, namespace);
  const metrics = isHorizontal ? resourceMetrics(object) : resourceTriggers(object);
  const known = new Map<string, VerticalPodAutoscaler | undefined>();
  for (const metric of metrics) {
    // Thousands of metrics may ask the same.
    const question = JSON.stringify([metric.resource, metric.container, metric.isUtilization]);
    if (!known.has(question))
      known.set(
        question,
        verticals.find((vertical) => changes(vertical, metric, containers)),
      );
    const found = known.get(question);
    if (found === undefined) continue;
    const other = `VerticalPodAutoscaler ${objectName(found)}`;
    conflicts.push({ message: 'goesBy', at: metric.at, data: { target, other, resource: metric.resource } });
  }
  return conflicts;
}

/** What changes the requests of a workload: who scales by them, and who else changes them. */
export function conflictsOfVertical({
  object,
  name,
  namespace,
  facts,
}: RelationSubject<VerticalPodAutoscaler>): readonly Conflict[] {
  const reference = property(object.spec, 'targetRef');
  const key = scaleTargetKey(reference);
  if (key === undefined) return [];
  const containers = containersOf(key, facts, namespace);
  const scalers = autoscalersOfTarget(key, facts, namespace);
  const rival = verticalAutoscalersOf(key, facts, namespace).find(
    (other) => objectName(other) !== name && changeTheSame(object, other, containers),
  );
  const target = described(reference);
  const conflicts: Conflict[] = [];
  if (rival !== undefined) {
    const other = `VerticalPodAutoscaler ${objectName(rival)}`;
    conflicts.push({ message: 'requests', at: ['spec', 'targetRef'], data: { target, other } });
  }
  for (const resource of resources) {
    const scaler = scalers.find(({ metrics }) =>
      metrics.some((metric) => metric.resource === resource && changes(object, metric, containers)),
    );
    if (scaler === undefined) continue;
    const data = { target, other: `${scaler.kind} ${scaler.name}`, resource };
    conflicts.push({ message: 'changes', at: ['spec', 'updatePolicy', 'updateMode'], data });
  }
  return conflicts;
}

const resources = ['cpu', 'memory'];

function changeTheSame(
  one: VerticalPodAutoscaler,
  other: VerticalPodAutoscaler,
  containers: readonly string[],
): boolean {
  return resources.some((resource) =>
    containers.some((name) => writesRequests(one, resource, name) && writesRequests(other, resource, name)),
  );
}

function described(reference: unknown): string {
  return `${text(property(reference, 'kind')) ?? 'Deployment'} ${text(property(reference, 'name')) ?? ''}`;
}

/** Who else sets the replicas. A ScaledObject and the HorizontalPodAutoscaler that KEDA keeps for it are one. */
function rivalOf({ object, kind, name, namespace, facts }: RelationSubject, key: string): string | undefined {
  const first = autoscalersOfTarget(key, facts, namespace).find((other) => {
    if (other.kind === kind.kind) return other.name !== name;
    return kind === builtinKinds.HorizontalPodAutoscaler
      ? !areOne(object, facts.find(scaledObjectKind, other.name, namespace))
      : !areOne(facts.find('HorizontalPodAutoscaler', other.name, namespace), object);
  });
  return first === undefined ? undefined : `${first.kind} ${first.name}`;
}

function areOne(
  autoscaler: HorizontalPodAutoscaler | undefined,
  scaledObject: ScaledObject | undefined,
): boolean {
  return autoscaler !== undefined && scaledObject !== undefined && isKeptByKeda(autoscaler, [scaledObject]);
}

/** Whether what is compared with requests is a container whose requests change. */
function changes(
  vertical: VerticalPodAutoscaler,
  { resource, container, isUtilization }: ResourceMetric,
  containers: readonly string[],
): boolean {
  const measured = container === undefined ? containers : [container];
  return isUtilization && measured.some((name) => writesRequests(vertical, resource, name));
}

/** Names of the containers that run; where the workload is not known, one that only the policy for `*` is about. */
function containersOf(key: string, facts: Facts, namespace: string | undefined): readonly string[] {
  const workload = facts.has('Workload') ? scaledWorkload(key, facts, namespace) : undefined;
  if (workload === undefined) return [''];
  const { containers, initContainers } = workload.podSpec;
  const sidecars = records(initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...records(containers), ...sidecars].map(({ name }) => text(name) ?? '');
}
