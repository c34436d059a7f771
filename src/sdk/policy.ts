import type { z } from 'zod';
import type { BuiltinKind, BuiltinKinds, CustomKind, KindInfo } from './kinds.ts';
import type { Path } from './json.ts';
import type {
  ContainerClass,
  ContainerSubject,
  Draft,
  FactRef,
  KubernetesObject,
  ObjectSubject,
  Operation,
  PodSubject,
  RelationSubject,
  RequestSubject,
  Workload,
} from './subjects.ts';
import type { Container, PodSpec } from './kubernetes.ts';
import type { Concealed } from './secrets/index.ts';

/** How bad a finding is; a property of the policy and never the same thing as its action. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';
/** What a finding leads to. */
export type Action = 'deny' | 'warn' | 'audit' | 'off';
/** Subresources a policy may ask for; `ephemeralcontainers` follows from its container classes. */
export type Subresource = 'scale' | 'resize' | 'exec' | 'attach' | 'portforward' | 'proxy';
export type Target = 'container' | 'podSpec' | 'object' | 'request' | 'relation';
/**
 * `safe`: one right value, may become an admission patch. `optional`: an admission patch once the organisation
 * has set the values it needs. `suggestion`: shown and written by `daygate fix`, never patched.
 */
export type FixSafety = 'safe' | 'optional' | 'suggestion';
export type Category =
  | 'resources'
  | 'probes'
  | 'labels'
  | 'secrets'
  | 'images'
  | 'availability'
  | 'autoscaling'
  | 'storage'
  | 'security'
  | 'rbac'
  | 'network'
  | 'operations'
  | 'delivery'
  | 'schema';

/**
 * A kind in a policy's `kinds`: a built-in one by name, a custom one, every kind that makes pods, or any kind that
 * Kubernetes or a schema at hand knows. `Any` asks for no webhook rule: at admission the policy sees what others, or
 * the kinds it names besides, have asked for.
 */
export type KindRef = BuiltinKind | 'Workload' | 'Any' | CustomKind;
export type ObjectOf<K extends KindRef> =
  | (K extends BuiltinKind ? BuiltinKinds[K] : never)
  | (K extends 'Workload' ? Workload : never)
  | (K extends 'Any' ? KubernetesObject : never)
  | (K extends CustomKind<infer O> ? O : never);

type SubjectOf<T extends Target, K extends KindRef> = {
  container: ContainerSubject;
  podSpec: PodSubject;
  object: ObjectSubject<ObjectOf<K>>;
  request: RequestSubject<ObjectOf<K>>;
  relation: RelationSubject<ObjectOf<K>>;
}[T];

type DraftOf<T extends Target, K extends KindRef> = {
  container: Draft<Container>;
  podSpec: Draft<PodSpec>;
  object: Draft<ObjectOf<K>>;
  request: never;
  relation: Draft<ObjectOf<K>>;
}[T];

export type Messages = Readonly<Record<string, string>>;
export type ParamsSchema = z.ZodObject;

type Placeholder<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;
/** Placeholders every message may use without passing them: the engine knows them. */
type KnownPlaceholder = 'container' | 'kind' | 'name';
type DataOf<S> =
  Exclude<Placeholder<S>, KnownPlaceholder> extends never
    ? { readonly data?: undefined }
    : { readonly data: Readonly<Record<Exclude<Placeholder<S>, KnownPlaceholder>, string | number>> };

/**
 * One place where a policy is not met. `at` is the field the reader must look at or add. `secret` is that of a
 * credential that was found: the finding gets a fingerprint of it where the run has a key, and never the secret.
 */
export type Report<M extends Messages> = <I extends keyof M & string>(
  finding: { readonly message: I; readonly at: Path; readonly secret?: Concealed } & DataOf<M[I]>,
) => void;

/** What `validate` gets beside its subject. */
export interface Context<P extends ParamsSchema, M extends Messages> {
  readonly params: z.output<P>;
  readonly report: Report<M>;
}

export interface Fix<T extends Target, K extends KindRef, P extends ParamsSchema, M extends Messages> {
  readonly safety: FixSafety;
  /** The messages that are gone once the fix is applied. */
  readonly resolves: readonly (keyof M & string)[];
  /** Parameters that must have a value before there is anything to write. */
  readonly requires?: readonly (keyof z.output<P> & string)[];
  /** Edits the draft of the subject in place; edits nothing where there is nothing right to write. */
  apply(
    draft: DraftOf<T, K>,
    context: { readonly params: z.output<P>; readonly subject: SubjectOf<T, K> },
  ): void;
}

/**
 * A control of a public standard that a policy answers to, as the standard names it. With `params` only where these
 * parameters have these values, with `with` only where these policies, which it takes besides, are on.
 */
export type Control =
  | string
  | {
      readonly name: string;
      readonly params?: Readonly<Record<string, unknown>>;
      readonly with?: readonly string[];
    };

export type ProfileEntry =
  Exclude<Action, 'off'> | { readonly action: Exclude<Action, 'off'>; readonly params: object };

interface PolicyMeta<M extends Messages, P extends ParamsSchema> {
  /** Permanent name: `require-…`, `forbid-…`, `bound-…`, `prefer-…` or `inherit-…`. */
  readonly id: string;
  readonly category: Category;
  /** Imperative, without a full stop: `Require a memory limit`. */
  readonly title: string;
  readonly severity: Severity;
  /** The profiles that turn the policy on. A profile that extends another has what that one has. */
  readonly profiles: Readonly<Record<string, ProfileEntry>>;
  readonly params: P;
  /** Message id → one sentence with `{placeholders}`. */
  readonly messages: M;
  /** Messages that only put something on record: their findings are `audit` whatever the profile says. */
  readonly onRecord?: readonly (keyof M & string)[];
  /** Policies that say the opposite: a profile that has both on is a mistake in the settings. */
  readonly conflictsWith?: readonly string[];
  /** Why it matters, for `daygate explain` and the README. */
  readonly why: string;
  /** What to write instead: one sentence, or one per message. */
  readonly remediation: string | { readonly [I in keyof M]: string };
  /** Pages that state the rule. */
  readonly references: readonly string[];
  /** Controls of public standards: what is found breaks them, and a report with passes names them. */
  readonly controls?: readonly Control[];
  /** Subresources that can change what the policy looks at. */
  readonly subresources?: readonly Subresource[];
  /** Kinds of facts that are used when they are at hand and not missed when they are not. */
  readonly optionalFacts?: readonly FactRef[];
}

interface TargetFields {
  container: {
    /** Container classes the policy looks at; `app`, `init` and `sidecar` unless said otherwise. */
    readonly containers?: readonly ContainerClass[];
  };
  podSpec: unknown;
  object: {
    readonly kinds: readonly KindRef[];
    /** Judges only objects whose schema is known; where manifests are checked it says which have none. */
    readonly needsSchema?: boolean;
  };
  request: { readonly kinds: readonly KindRef[]; readonly operations: readonly Operation[] };
  relation: {
    readonly kinds: readonly KindRef[];
    /** Kinds of facts without which the policy cannot speak; it is skipped, and said to be, where they are missing. */
    readonly facts: readonly FactRef[];
  };
}

export type PolicyDefinition<
  T extends Target,
  K extends KindRef,
  P extends ParamsSchema,
  M extends Messages,
> = PolicyMeta<M, P> & { readonly target: T; readonly kinds?: readonly K[] } & TargetFields[T] & {
    /** Looks at one subject and reports what is wrong. Pure: no I/O, no clock, no change to its input. */
    validate(subject: SubjectOf<T, K>, context: Context<P, M>): void;
    readonly fix?: Fix<T, K, P, M>;
  };

/** A policy as the engine holds it: the types of its subject, parameters and messages forgotten. */
export interface Policy extends PolicyMeta<Messages, ParamsSchema> {
  readonly target: Target;
  readonly containers?: readonly ContainerClass[];
  readonly kinds?: readonly (BuiltinKind | 'Workload' | 'Any' | KindInfo)[];
  readonly operations?: readonly Operation[];
  readonly facts?: readonly FactRef[];
  readonly needsSchema?: boolean;
  /** Returns nothing; what one returns that nobody has compiled is looked at, because a promise would be missed. */
  validate(subject: unknown, context: Context<ParamsSchema, Messages>): unknown;
  readonly fix?: {
    readonly safety: FixSafety;
    readonly resolves: readonly string[];
    readonly requires?: readonly string[];
    apply(draft: unknown, context: { readonly params: unknown; readonly subject: unknown }): unknown;
  };
}

/**
 * Defines a policy. The target decides what `validate` sees, wherever such a thing lives; every message id and
 * placeholder is checked by the compiler.
 *
 * @example
 * export default definePolicy({
 *   id: 'forbid-tty', category: 'security', title: 'Forbid a terminal', severity: 'low', target: 'container',
 *   profiles: { restricted: 'warn' }, params: z.strictObject({}),
 *   messages: { tty: '{container} asks for a terminal.' },
 *   why: '…', remediation: 'Remove tty.', references: ['https://kubernetes.io/docs/…'],
 *   validate({ container, at }, { report }) {
 *     if (container.tty === true) report({ message: 'tty', at: at('tty') });
 *   },
 * });
 */
export function definePolicy<
  const T extends Target,
  const K extends KindRef,
  P extends ParamsSchema,
  const M extends Messages,
>(definition: PolicyDefinition<T, K, P, M>): Policy {
  return definition;
}
