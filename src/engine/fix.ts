import { apply, create, type Draft, type Patches } from 'mutative';
import type { Path } from '#sdk';
import type { Compiled, Entry, Plan } from './compile.ts';
import { evaluate } from './evaluate.ts';
import { choosePlan } from './judge.ts';
import type { RawFinding } from './recorder.ts';
import type { Review } from './review.ts';
import { namespaceOf } from './subjects.ts';

/** One operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

export interface FixResult {
  /** The edits, in the order in which they apply to the review's object. */
  readonly patch: readonly PatchOperation[];
  /** Policies whose fix is in the patch. */
  readonly applied: readonly string[];
  /** Policies whose fix did not apply or did not resolve its finding. */
  readonly dropped: readonly { readonly policy: string; readonly reason: string }[];
  /** The object with the patch applied. */
  readonly object: Review['object'];
}

/** Which fixes run: those that settings let admission apply, or every one that has something to write. */
export type FixScope = 'admission' | 'all';

const patchOptions = { enablePatches: { pathAsArray: false, arrayLengthAssignment: false } } as const;

/**
 * Computes the patch for a review. Each policy's edits are recorded on the result of those before it, applied to
 * the object and judged again: edits that do not resolve what they promise are dropped and named. At admission
 * pod fixes touch only Pods that are being created, because a workload's template belongs to its source and the
 * spec of a running pod cannot change.
 */
export function fixReview(compiled: Compiled, review: Review, scope: FixScope): FixResult {
  const none: FixResult = { patch: [], applied: [], dropped: [], object: review.object };
  const profile = compiled.profiles.get(review.profile);
  if (profile === undefined) throw new RangeError(`there is no profile ${review.profile}`);
  const chosen = choosePlan(compiled, profile, review, namespaceOf(review));
  if (typeof chosen === 'string') return none;
  const plan = onlyFixes(chosen, review, scope);
  if (plan.empty) return none;
  const entries = new Set(fixable(evaluate(compiled, plan, review).findings).map(({ entry }) => entry));
  let { object } = review;
  const patch: PatchOperation[] = [];
  const applied: string[] = [];
  const dropped: { policy: string; reason: string }[] = [];
  for (const entry of entries) {
    const result = fixOne(compiled, onlyEntry(plan, entry), { ...review, object }, entry);
    if (typeof result === 'string') dropped.push({ policy: entry.policy.id, reason: result });
    else if (result.patch.length > 0) {
      object = result.object;
      patch.push(...result.patch);
      applied.push(entry.policy.id);
    }
  }
  return { patch, applied, dropped, object };
}

function fixable(findings: readonly RawFinding[]): readonly RawFinding[] {
  return findings.filter(({ entry, message }) => entry.fixable.has(message));
}

function fixOne(
  compiled: Compiled,
  plan: Plan,
  review: Review,
  entry: Entry,
): { readonly patch: readonly PatchOperation[]; readonly object: Review['object'] } | string {
  const before = fixable(evaluate(compiled, plan, review).findings);
  if (before.length === 0) return { patch: [], object: review.object };
  const { fix } = entry.policy;
  try {
    const subjects = new Set(before.map(({ subject }) => subject));
    const [, patches] = create(
      review.object,
      (draft) => {
        for (const subject of subjects) {
          fix?.apply(follow(draft, pathOf(subject)), { params: entry.params, subject });
        }
      },
      patchOptions,
    );
    const object = apply(review.object, patches as Patches);
    const after = fixable(evaluate(compiled, plan, { ...review, object }).findings);
    if (after.length > 0) return 'its fix did not resolve the finding';
    return { patch: patches as unknown as PatchOperation[], object };
  } catch (error) {
    return error instanceof Error ? `its fix failed with ${error.name}` : 'its fix failed';
  }
}

function pathOf(subject: RawFinding['subject']): Path {
  return subject.at();
}

function follow(draft: Draft<unknown>, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], draft);
}

function narrow(plan: Plan, keep: (entry: Entry) => boolean): Plan {
  const { app, init, sidecar, ephemeral } = plan.containers;
  const narrowed = {
    kind: plan.kind,
    containers: {
      app: app.filter(keep),
      init: init.filter(keep),
      sidecar: sidecar.filter(keep),
      ephemeral: ephemeral.filter(keep),
    },
    podSpec: plan.podSpec.filter(keep),
    object: plan.object.filter(keep),
    request: [],
    relation: plan.relation.filter(keep),
  };
  const { containers, podSpec, object, relation } = narrowed;
  return {
    ...narrowed,
    empty: ![...Object.values(containers), podSpec, object, relation].some(({ length }) => length > 0),
  };
}

function onlyEntry(plan: Plan, entry: Entry): Plan {
  return narrow(plan, (candidate) => candidate === entry);
}

/** Plans are kept per profile and kind, so what fixes of a plan look like is worked out once. */
const fixPlans = new WeakMap<Plan, Plan>();

function onlyFixes(plan: Plan, review: Review, scope: FixScope): Plan {
  if (scope === 'all') return narrow(plan, ({ fixable: messages }) => messages.size > 0);
  const known = fixPlans.get(plan);
  if (known !== undefined) return known;
  const createsPod = plan.kind.kind === 'Pod' && review.operation === 'CREATE';
  const fixes = narrow(plan, ({ policy, fixOnAdmission }) => {
    const ofPods = policy.target === 'container' || policy.target === 'podSpec';
    return fixOnAdmission && (!ofPods || createsPod);
  });
  fixPlans.set(plan, fixes);
  return fixes;
}
