import {
  isOfCluster,
  isRecord,
  objectName,
  podTemplateOf,
  text,
  type Container,
  type ContainerClass,
  type ContainerSubject,
  type KindInfo,
  type KubernetesObject,
  type ObjectSubject,
  type Path,
  type PodSubject,
  type RequestSubject,
  type UserInfo,
  type Workload,
} from '#sdk';
import type { Review } from './review.ts';

/** Whatever a policy may be looking at. */
export type AnySubject = ContainerSubject | PodSubject | ObjectSubject | RequestSubject;

/** The name of the object, or what one will be generated from, as its findings name it. */
export function nameOf({ name, object }: Review): string {
  return name || objectName(object);
}

export function namespaceOf({ namespace, object }: Review): string | undefined {
  if (namespace !== undefined) return namespace === '' ? undefined : namespace;
  const written = text(object.metadata?.namespace);
  return written === '' || isOfCluster(object) ? undefined : written;
}

/**
 * Builds the subject of a review with its pods, once for all policies. No getters: in an object literal each would
 * give the object a hidden class of its own, and collecting those costs more than the rest of the review.
 */
export function objectSubject(
  review: Review,
  object: KubernetesObject,
  kind: KindInfo,
  kubernetesMinor: number,
): RequestSubject {
  const subject: Mutable<RequestSubject> = {
    object,
    kind,
    namespace: namespaceOf(review),
    name: nameOf(review),
    operation: review.operation,
    kubernetesMinor,
    now: review.now,
    facts: review.facts,
    schema: undefined,
    writtenVersion: review.writtenVersion ?? text(object.apiVersion) ?? '',
    user: review.user ?? nobody,
    oldObject: review.oldObject,
    subresource: review.subresource,
    dryRun: review.dryRun ?? false,
    pod: undefined,
    at: (...path) => path,
  };
  subject.pod = podSubject(subject);
  const found = review.schemas?.find(text(object.apiVersion) ?? '', text(object.kind) ?? '');
  if (typeof found !== 'string') subject.schema = found;
  return subject;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const nobody: UserInfo = { username: '', groups: [] };

function podSubject(workload: ObjectSubject<Workload>): PodSubject | undefined {
  const template = podTemplateOf(workload.kind, workload.object);
  if (template === undefined) return undefined;
  const { podSpec, podMetadata } = template;
  const templatePath = workload.kind.template ?? [];
  const specPath: Path = [...templatePath, 'spec'];
  const containers: ContainerSubject[] = [];
  const { kind } = workload.kind;
  const policy: unknown = podSpec.restartPolicy;
  const pod: PodSubject = {
    podSpec,
    podMetadata,
    containers,
    workload,
    runsToCompletion: kind === 'Job' || kind === 'CronJob' || policy === 'Never' || policy === 'OnFailure',
    at: (...path) => [...specPath, ...path],
    atMetadata: (...path) => [...templatePath, 'metadata', ...path],
  };
  const add = (field: string, container: Container, index: number, containerClass: ContainerClass): void => {
    const at = (...path: Path): Path => [...specPath, field, index, ...path];
    containers.push({ container, containerClass, pod, at });
  };
  // Index by position in the list as written: items that are no objects are passed over, not closed up.
  eachRecord(podSpec.initContainers, (container, index) => {
    add('initContainers', container, index, container.restartPolicy === 'Always' ? 'sidecar' : 'init');
  });
  eachRecord(podSpec.containers, (container, index) => add('containers', container, index, 'app'));
  eachRecord(podSpec.ephemeralContainers, (container, index) => {
    add('ephemeralContainers', container, index, 'ephemeral');
  });
  return pod;
}

function eachRecord(value: unknown, visit: (item: Container, index: number) => void): void {
  if (!Array.isArray(value)) return;
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index];
    if (isRecord(item)) visit(item, index);
  }
}

/** The name a message uses for a subject's container; the position where it has none. */
export function containerName(subject: AnySubject): string | undefined {
  if (!('containerClass' in subject)) return undefined;
  const name: unknown = subject.container.name;
  if (typeof name === 'string' && name !== '') return name;
  return `container ${String(subject.at().at(-1))}`;
}
