import type { Path } from './json.ts';
import type { BuiltinKind, BuiltinKinds, CustomKind, KindInfo } from './kinds.ts';
import type { Container, EphemeralContainer, ObjectMeta, PodSpec } from './kubernetes.ts';
import type { StructType } from './schema/index.ts';

/** The four kinds of container; a sidecar is an init container with `restartPolicy: Always`. */
export type ContainerClass = 'app' | 'init' | 'sidecar' | 'ephemeral';
export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** A mutable view of an object that a fix may edit. */
export type Draft<T> = { -readonly [K in keyof T]: Draft<T[K]> };

/** What every object has. */
export interface KubernetesObject {
  readonly apiVersion?: string | null;
  readonly kind?: string | null;
  readonly metadata?: ObjectMeta | null;
}

/** An object that makes pods, whatever its kind. */
export interface Workload extends KubernetesObject {
  readonly spec?: Readonly<Record<string, unknown>> | null;
}

/** A kind of facts: a built-in one by name, a custom one, or whatever makes pods. */
export type FactRef = BuiltinKind | 'Workload' | CustomKind;
/** What a fact of a kind looks like. */
export type FactOf<K extends BuiltinKind | CustomKind> =
  (K extends BuiltinKind ? BuiltinKinds[K] : never) | (K extends CustomKind<infer O> ? O : never);

/** Something that makes pods, as a fact. */
export interface WorkloadFact {
  readonly kind: KindInfo;
  readonly object: Workload;
  readonly namespace: string | undefined;
  /** Metadata of the pod, or of the template pods are made from. */
  readonly podMetadata: ObjectMeta;
  readonly podSpec: PodSpec;
}

/**
 * Other objects a policy may look at. A namespace that is `undefined` stands for all that names none: what belongs to
 * no namespace, and manifests that leave it to whoever applies them.
 *
 * Facts are slim: of a ConfigMap and a Secret the keys are known and no values, of a pod spec what names, nodes,
 * ports, resources, accounts and volumes say, and of nothing its status or managed fields (facts/slim-fact.ts).
 */
export interface Facts {
  /** Whether objects of the kind are known at all: an empty list then means that there are none. */
  has(kind: FactRef): boolean;
  /** The known objects of the kind in a namespace. */
  list<K extends BuiltinKind | CustomKind>(kind: K, namespace: string | undefined): readonly FactOf<K>[];
  /** All known objects of the kind. */
  all<K extends BuiltinKind | CustomKind>(kind: K): readonly FactOf<K>[];
  /** The object of that name. */
  find<K extends BuiltinKind | CustomKind>(
    kind: K,
    name: string,
    namespace: string | undefined,
  ): FactOf<K> | undefined;
  /**
   * Whatever makes pods in a namespace: workloads of all kinds, those that settings map too, and bare Pods. What a
   * workload made itself (a ReplicaSet of a Deployment, a Pod of a Job) is left out: its maker stands for it.
   */
  workloads(namespace: string | undefined): readonly WorkloadFact[];
}

/** The fields that an object may have. */
export type ObjectSchema =
  | { readonly struct: StructType }
  /** There is no such kind, but one that was probably meant: `apps/v1 Deployment`. */
  | { readonly struct: undefined; readonly meant: string };

/** Schemas of kinds, for those policies that say `needsSchema`. */
export interface Schemas {
  /** The schema of a kind, or the reason why nobody knows it, as the rest of a sentence. */
  find(apiVersion: string, kind: string): ObjectSchema | string;
  /** A custom kind with a schema, by its kindKey. */
  kindOf(key: string): KindInfo | undefined;
}

/** One object under review. */
export interface ObjectSubject<O = KubernetesObject> {
  readonly object: O;
  readonly kind: KindInfo;
  /** Name of the namespace, undefined for cluster-scoped objects and manifests that name none. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly operation: Operation;
  /** Minor version of the Kubernetes the object is meant for: 36 for 1.36. */
  readonly kubernetesMinor: number;
  /** The time of the review in milliseconds since 1970; policies never ask a clock. */
  readonly now: number;
  /** The pods the object makes, where it makes any. */
  readonly pod: PodSubject | undefined;
  readonly facts: Facts | undefined;
  /** Known where manifests are checked: at admission the API server has dropped unknown fields already. */
  readonly schema: ObjectSchema | undefined;
  /**
   * The API version that the object was written in. At admission the API server may have converted it to one that
   * a webhook rule names; elsewhere it is that of the object.
   */
  readonly writtenVersion: string;
  /** The path of a field below this subject. */
  readonly at: (...path: Path) => Path;
}

/** The pod spec of an object, wherever it lives. */
export interface PodSubject {
  readonly podSpec: PodSpec;
  /** Metadata of the pod, or of the template pods are made from. */
  readonly podMetadata: ObjectMeta;
  readonly containers: readonly ContainerSubject[];
  /** The object that holds the pod spec: the Pod itself, or its workload. */
  readonly workload: ObjectSubject<Workload>;
  /** Pods that end by themselves (Jobs, and `restartPolicy` other than Always) get no traffic and need no probes. */
  readonly runsToCompletion: boolean;
  /** The path of a field below the pod spec. */
  readonly at: (...path: Path) => Path;
  /** The path of a field below the pod's metadata. */
  readonly atMetadata: (...path: Path) => Path;
}

/** One container of a pod spec. */
export interface ContainerSubject {
  readonly container: Container & Pick<EphemeralContainer, 'targetContainerName'>;
  readonly containerClass: ContainerClass;
  readonly pod: PodSubject;
  /** The path of a field below the container. */
  readonly at: (...path: Path) => Path;
}

/** Who asks. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** A request to the API server: only admission sees one. */
export interface RequestSubject<O = KubernetesObject> extends ObjectSubject<O> {
  readonly user: UserInfo;
  readonly oldObject: O | undefined;
  readonly subresource: string | undefined;
  readonly dryRun: boolean;
}

/** An object together with the facts the policy declared. */
export interface RelationSubject<O = KubernetesObject> extends ObjectSubject<O> {
  readonly facts: Facts;
}
