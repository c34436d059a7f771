import { keyOfKind, type ContainerClass, type KindInfo, type Path } from '#sdk';
import type { Compiled, Plan, RawFinding, Reported } from './compiled.ts';
import { planAlone } from './plans.ts';
import { evaluate } from './evaluate.ts';
import { choosePlan, type Elsewhere } from './judge.ts';
import { actionOf } from './leniency.ts';
import type { PolicyError, Review } from './review.ts';
import { containerName } from './subjects.ts';

/** What is known of a review beside its objects, which travel as the text they came in, and facts, which do not. */
export type Envelope = Omit<Review, 'object' | 'oldObject' | 'facts' | 'schemas'>;

export function withoutObjects(review: Review): Envelope {
  const { operation, subresource, resourceKind, namespace, name, user, dryRun, profile, now } = review;
  const { writtenVersion } = review;
  return {
    operation,
    subresource,
    resourceKind,
    namespace,
    name,
    user,
    dryRun: dryRun ?? false,
    profile,
    now,
    writtenVersion,
  } satisfies Record<keyof Envelope, unknown>;
}

/** Which policies of a sandbox look at a review, in terms that can be sent to another process. */
export interface SandboxPlan {
  readonly kind: KindInfo;
  readonly policies: readonly { readonly id: string; readonly containers: readonly ContainerClass[] }[];
}

/** A finding in terms that can be sent. */
export interface PlainFinding {
  readonly message: string;
  readonly at: Path;
  readonly data: Readonly<Record<string, unknown>>;
  /** The credential itself: the key to fingerprints stays out of the sandbox. It goes no further than the pipe. */
  readonly secret?: string;
}

/** What one policy said of a review. */
export interface PolicyReport {
  readonly policy: string;
  readonly findings: readonly PlainFinding[];
  /** What it says of the old object, where that counts. */
  readonly before: readonly PlainFinding[];
  readonly errors: readonly string[];
  readonly skipped: readonly string[];
}

/** What is to be asked of the sandbox; undefined where none of its policies looks at the review. */
export function sandboxPlan(compiled: Compiled, review: Review): SandboxPlan | undefined {
  const plan = planOf(compiled, review);
  if (plan === undefined || plan.sandboxed.length === 0) return undefined;
  const policies = plan.sandboxed.map(({ entry, containers }) => ({ id: entry.policy.id, containers }));
  return { kind: plan.kind, policies };
}

function planOf(compiled: Compiled, review: Review): Plan | undefined {
  const chosen = choosePlan(compiled, review);
  return typeof chosen === 'string' ? undefined : chosen;
}

// A ConfigMap of 1 MiB has some ten thousand lines; a policy with more to say than that says it of no object.
const mostFindings = 10_000;

/** Runs one policy over a review, in the sandbox; undefined when it has nothing to say, as nearly always. */
export function runSandboxed(
  compiled: Compiled,
  { kind, policies }: SandboxPlan,
  review: Review,
  index: number,
): PolicyReport | undefined {
  const { id, containers } = policies[index] ?? { id: '', containers: [] };
  const entry = compiled.profiles.get(review.profile)?.entries.find(({ policy }) => policy.id === id);
  if (entry === undefined) return report(id, { errors: ['is not in the sandbox'] });
  // The settings here may know more of a kind than a copy that was sent does: that it is the very same.
  const own = compiled.kinds.get(keyOfKind(kind)) ?? kind;
  const plan = planAlone(own, { entry, containers });
  const { findings, errors, skipped } = evaluate(compiled, plan, review);
  if (findings.length > mostFindings) {
    return report(id, { errors: [`reported ${findings.length} findings about one object`] });
  }
  if (findings.length === 0 && errors.length === 0 && skipped.length === 0) return undefined;
  const { operation, oldObject } = review;
  const asksOld =
    operation === 'UPDATE' &&
    oldObject !== undefined &&
    findings.some((finding) => actionOf(finding) === 'deny');
  const before = asksOld ? evaluate(compiled, { ...plan, request: [] }, review, oldObject).findings : [];
  try {
    return report(id, {
      findings: findings.map(plainFinding),
      before: before.slice(0, mostFindings).map(plainFinding),
      errors: errors.map(({ message }) => message),
      skipped: skipped.map(({ reason }) => reason),
    });
  } catch {
    return report(id, { errors: ['reported something that is no finding'] });
  }
}

function report(policy: string, said: Partial<PolicyReport>): PolicyReport {
  return { policy, findings: [], before: [], errors: [], skipped: [], ...said };
}

function plainFinding({ message, at, data, secret, subject }: RawFinding): PlainFinding {
  const container = containerName(subject);
  // JSON has no NaN; in a message a number reads as its text does.
  const plain = (value: unknown): unknown =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : scalar(value);
  const text: unknown = typeof secret === 'function' ? secret() : undefined;
  return {
    message,
    ...(typeof text === 'string' ? { secret: text } : {}),
    at: at.map((step: unknown) => (typeof step === 'number' ? step : String(step))),
    data: {
      ...(container === undefined ? {} : { container }),
      ...Object.fromEntries(Object.entries(data ?? {}).map(([name, value]) => [name, plain(value)])),
    },
  };
}

// A message shows 120 characters of a value, and looks for credentials in 512 more: a policy that passes whole files
// of the object would otherwise fill the pipe with them.
const longestData = 1024;

/** What no message can show becomes null, which it shows as such. */
function scalar(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, longestData);
  return typeof value === 'number' || value === undefined ? value : null;
}

/** Turns reports into what `judge` takes, and adds what is known of policies that could not report. */
export function fromSandbox(
  compiled: Compiled,
  review: Review,
  reports: readonly PolicyReport[],
  failed: readonly PolicyError[] = [],
): Elsewhere {
  const entries = new Map(
    planOf(compiled, review)?.sandboxed.map(({ entry }) => [entry.policy.id, entry] as const),
  );
  const reported = (pick: (said: PolicyReport) => readonly PlainFinding[]): readonly Reported[] =>
    reports.flatMap((said) => {
      const entry = entries.get(said.policy);
      if (entry === undefined) return [];
      return pick(said).map(({ secret, ...finding }) => ({
        ...finding,
        entry,
        secret: secret === undefined ? undefined : () => secret,
      }));
    });
  return {
    findings: reported(({ findings }) => findings),
    before: reported(({ before }) => before),
    errors: [
      ...reports.flatMap(({ policy, errors }) => errors.map((message) => ({ policy, message }))),
      ...failed,
    ],
    skipped: reports.flatMap(({ policy, skipped }) => skipped.map((reason) => ({ policy, reason }))),
  };
}

/** The settings that a sandbox with these policies needs: what is said of others would name policies it lacks. */
export function settingsForSandbox(
  settings: Compiled['settings'],
  ids: ReadonlySet<string>,
): typeof settings {
  const ofOwn = <V>(table: Readonly<Record<string, V>>): Record<string, V> =>
    Object.fromEntries(Object.entries(table).filter(([id]) => ids.has(id)));
  const profiles = Object.entries(settings.profiles).map(([name, profile]) => [
    name,
    { ...profile, policies: ofOwn(profile.policies) },
  ]);
  return {
    ...settings,
    policies: ofOwn(settings.policies),
    profiles: Object.fromEntries(profiles) as typeof settings.profiles,
    exceptions: [],
  };
}
