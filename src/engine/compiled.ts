import type {
  Action,
  Concealed,
  ContainerClass,
  Context,
  KindInfo,
  Messages,
  ParamsSchema,
  Path,
  Policy,
} from '#sdk';
import type { CompiledException } from './exceptions.ts';
import type { Template } from './message.ts';
import type { PolicyError, Skip } from './review.ts';
import type { PolicyReportDetail, Settings } from './settings.ts';
import type { AnySubject } from './subjects.ts';

/** What one message of a policy says. */
export interface Texts {
  readonly message: Template;
  readonly remediation: Template;
  /** Names that a report has to fill. */
  readonly placeholders: readonly string[];
}

/** A policy as one profile has it. */
export interface Entry {
  readonly policy: Policy;
  readonly action: Exclude<Action, 'off'>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly context: Context<ParamsSchema, Messages>;
  /** What each message says, and what it advises. */
  readonly texts: ReadonlyMap<string, Texts>;
  /** Messages of findings that daygate can fix with these parameters. */
  readonly fixable: ReadonlySet<string>;
  /** Whether admission may apply the fix. */
  readonly fixOnAdmission: boolean;
  /** Milliseconds since 1970 after which the old object's findings block too. */
  readonly grandfatherUntil: number | undefined;
  /** What PolicyReports have of its findings. */
  readonly policyReport: PolicyReportDetail;
}

/** A finding as a policy reported it, before anybody has decided what it leads to. */
export interface Reported {
  readonly entry: Entry;
  readonly message: string;
  readonly at: Path;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  /** The credential that was found; only its fingerprint ever leaves the engine. */
  readonly secret?: Concealed | undefined;
  /** What the policy looked at; absent where it ran in another process. */
  readonly subject?: AnySubject;
}

export interface RawFinding extends Reported {
  readonly subject: AnySubject;
}

/**
 * Where `report` puts findings. Policies run one after the other and synchronously, so one recorder serves all of
 * them: a context made once per policy costs a review nothing, a context made per call would cost it 10 µs.
 */
export interface Recorder {
  findings: RawFinding[];
  /** What policies reported that is no finding. */
  mistakes: PolicyError[];
  subject: AnySubject | undefined;
}

/** What looks at objects of one kind, for one operation and subresource. */
export interface Plan {
  readonly kind: KindInfo;
  readonly containers: Readonly<Record<ContainerClass, readonly Entry[]>>;
  readonly podSpec: readonly Entry[];
  readonly object: readonly Entry[];
  readonly request: readonly Entry[];
  readonly relation: readonly Entry[];
  /** What is skipped of them where nothing is known of other objects: the same for each review. */
  readonly withoutFacts: readonly Skip[];
  /** Whether any list above has an entry. */
  readonly empty: boolean;
  /** What looks at the object from the sandbox; none of it is in the lists above. */
  readonly sandboxed: readonly SandboxedEntry[];
}

/** A policy that runs in the sandbox, and the container classes it looks at. */
export interface SandboxedEntry {
  readonly entry: Entry;
  readonly containers: readonly ContainerClass[];
}

export interface Profile {
  readonly name: string;
  readonly enforcement: 'enforce' | 'observe' | undefined;
  readonly entries: readonly Entry[];
  readonly plans: Map<string, Plan>;
  /** Whether some policy looks at kinds that none names. */
  readonly looksAtAny: boolean;
}

/** Settings and policies made ready to judge. */
export interface Compiled {
  readonly settings: Settings;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly kinds: ReadonlyMap<string, KindInfo>;
  readonly exceptions: readonly CompiledException[];
  readonly exemptNamespaces: ReadonlySet<string>;
  readonly kubernetesMinor: number;
  readonly recorder: Recorder;
  /** Ids of policies that run in the sandbox. */
  readonly sandboxed: ReadonlySet<string>;
  readonly fingerprint: Fingerprint | undefined;
}

/** A short keyed hash of a text: the same for the same text, and nothing that could be tried out without the key. */
export type Fingerprint = (text: string) => string;
