import type { Action, Facts, KindInfo, KubernetesObject, Operation, Schemas, Severity, UserInfo } from '#sdk';

/** One question to the engine: an object, and what is known about the request that carries it. */
export interface Review {
  readonly operation: Operation;
  /** The object as it is meant to become; for DELETE, the one that goes. */
  readonly object: KubernetesObject;
  /** The object as it was, on UPDATE. */
  readonly oldObject?: KubernetesObject | undefined;
  /** `scale`, `resize`, `ephemeralcontainers`, … */
  readonly subresource?: string | undefined;
  /** The kind that owns the subresource, where the object is of another kind (a Scale of a Deployment). */
  readonly resourceKind?: KindInfo | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Who asks; absent where nobody does (`check`, `audit`). */
  readonly user?: UserInfo | undefined;
  readonly dryRun?: boolean;
  readonly profile: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly facts?: Facts | undefined;
  /** Schemas of kinds: given where manifests are checked. */
  readonly schemas?: Schemas | undefined;
  /** The API version in which the request carried the object, where the API server has converted it. */
  readonly writtenVersion?: string | undefined;
}

/** Which object a finding is about. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * Why a finding counts for less than its policy's action says: the old object had it, the pod's maker was judged
 * before, the pod's own fix will resolve it, only facts that may lag speak for it, the profile only observes.
 */
export type Leniency =
  'old-object' | 'controller' | 'metadata-only' | 'fixed-on-pod' | 'late-facts' | 'observe';

/** Who answers for a finding, why, and until which day. */
export interface ExceptionReference {
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
}

/** What a policy reports about one place in one object. */
export interface Finding {
  readonly policy: string;
  readonly severity: Severity;
  readonly action: Exclude<Action, 'off'>;
  readonly message: string;
  readonly remediation: string;
  readonly object: ObjectReference;
  /** JSON Pointer (RFC 6901) of the field that is wrong or missing. */
  readonly pointer: string;
  /** The same place with list items named by their merge key; stays the same when items move. */
  readonly locator: string;
  /** Which of the policy's messages this is. */
  readonly messageId: string;
  /** Whether daygate can write the fix itself. */
  readonly fixable: boolean;
  /** Of the credential that was found, where the run has a key: the same credential has the same everywhere. */
  readonly fingerprint?: string;
  readonly leniency?: Leniency;
  /** Of what the object had before: the last day on which that is tolerated, where there is one. */
  readonly grandfatherUntil?: string;
  readonly exception?: ExceptionReference;
  /** An exception that would have covered it and has ended. */
  readonly ended?: ExceptionReference;
  /** Which exceptions of the settings are about it, in force or ended: their positions from 0. */
  readonly coveredBy?: readonly number[];
}

export interface PolicyError {
  readonly policy: string;
  readonly message: string;
}

/** What was not judged, and why. */
export interface Skip {
  readonly file?: string;
  readonly object?: ObjectReference;
  readonly policy?: string;
  readonly reason: string;
}

/** The engine's answer. Findings are sorted by locator, policy and message. */
export interface Verdict {
  readonly allowed: boolean;
  readonly enforcement: 'enforce' | 'observe';
  readonly findings: readonly Finding[];
  readonly errors: readonly PolicyError[];
  readonly skipped: readonly Skip[];
}
