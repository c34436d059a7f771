import { isDeepStrictEqual } from 'node:util';
import { isRecord, type KubernetesObject, type Path, type Policy } from '#sdk';
import { fixReview } from '../../engine/fix.ts';
import { judge } from '../../engine/judge.ts';
import type { Review } from '../../engine/review.ts';
import type { Fixture, PolicyFolder } from '../fixtures.ts';
import { compatible, compileFor, compileLibrary, reviewsOf, watched } from '../judge-fixture.ts';
import { applyPatch, pointerSteps } from '../json-patch.ts';

/** A fix resolves what it promises with the patch it shows, once, and breaks nothing else. */
export function fixes(
  { policy, fixtures, own }: PolicyFolder,
  library: readonly Policy[],
): readonly string[] {
  return fixtures
    .filter(({ expects, fixed }) => expects === 'fail' && (policy.fix ?? fixed) !== undefined)
    .flatMap((fixture) =>
      fixObjections(policy, fixture, library, own).map((words) => `${fixture.name}: ${words}`),
    );
}

function fixObjections(
  policy: Policy,
  fixture: Fixture,
  library: readonly Policy[],
  own: boolean,
): readonly string[] {
  const reviews = reviewsOf(fixture);
  const results = reviews.map((review) => fixOne(policy, fixture, review));
  const objections = results.flatMap((result) => result.objections);
  const fixed = results.map((result) => result.object);
  const isSame = fixed.every((object, index) => object === fixture.documents[index]);
  if (fixture.fixed === undefined) {
    // What a fix has to leave alone is as much of a promise; who writes a policy of his own need not show all.
    if (!own && !isSame) objections.push('the fix changes it, and no fixed file shows how');
  } else {
    if (isDeepStrictEqual(fixture.fixed, fixture.documents))
      objections.push('the fixed file changes nothing');
    else if (isSame) objections.push('the fix changes nothing');
    else if (!isDeepStrictEqual(fixed, fixture.fixed))
      objections.push(`the fix gives something else than the fixed file: ${JSON.stringify(fixed)}`);
  }
  for (const [index, review] of reviews.entries()) {
    const object = results[index]?.object;
    if (object === undefined || object === review.object) continue;
    objections.push(...newFailures(policy, fixture, library, review, object));
    for (const bare of withoutParents(policy, fixture, review)) {
      objections.push(
        ...fixOne(policy, fixture, bare).objections.map((words) => `${words} (where parents are missing)`),
      );
    }
  }
  return objections;
}

interface Fixed {
  readonly object: KubernetesObject;
  readonly objections: readonly string[];
}

function fixOne(policy: Policy, fixture: Fixture, review: Review): Fixed {
  const edits: boolean[] = [];
  const compiled = compileFor(countingEdits(policy, edits), fixture);
  const { patch, object, dropped } = fixReview(compiled, review, 'all');
  const objections: string[] = [];
  for (const { reason } of dropped) {
    // A fix may know of no right value; it must not write a wrong one.
    if (reason.includes('did not resolve') && !edits.every(Boolean)) continue;
    objections.push(reason);
  }
  if (patch.length === 0) return { object: review.object, objections };
  try {
    if (!isDeepStrictEqual(applyPatch(review.object, patch), object))
      objections.push('the patch, applied to the original, gives something else than the fix');
  } catch (error) {
    objections.push(`the patch does not apply: ${String(error)}`);
  }
  if (fixReview(compiled, { ...review, object }, 'all').patch.length > 0)
    objections.push('there is more to fix after the fix');
  return { object, objections: [...objections, ...secondTime(policy, fixture, review, object)] };
}

/** The policy, noting of each call of its fix whether it edited something. */
function countingEdits(policy: Policy, edits: boolean[]): Policy {
  const { fix } = policy;
  if (fix === undefined) return policy;
  return {
    ...policy,
    fix: {
      ...fix,
      apply(draft, context) {
        const before = JSON.stringify(draft);
        const returned = fix.apply(draft, context);
        edits.push(JSON.stringify(draft) !== before);
        return returned;
      },
    },
  };
}

/** Applies the fix once more to the subjects it has fixed, although nothing is left to find there. */
function secondTime(
  policy: Policy,
  fixture: Fixture,
  review: Review,
  fixed: KubernetesObject,
): readonly string[] {
  const before = watched(policy);
  judge(compileFor(before.policy, fixture), review);
  const found = before.reports.map(({ subject }) => placeOf(subject));
  const after = watched(policy);
  judge(compileFor(after.policy, fixture), { ...review, object: fixed });
  const copy = structuredClone(fixed);
  for (const { subject, params } of after.calls) {
    if (!found.includes(placeOf(subject))) continue;
    const draft = pathOf(subject).reduce<unknown>(
      (value, step) => (value as Record<string, unknown>)[step],
      copy,
    );
    policy.fix?.apply(draft, { params, subject });
  }
  return isDeepStrictEqual(copy, fixed) ? [] : ['the fix changes more when it is applied a second time'];
}

function pathOf(subject: unknown): Path {
  return (subject as { at(): Path }).at();
}

function placeOf(subject: unknown): string {
  return pathOf(subject).join('/');
}

/** Findings of all other policies that the object has only since the fix. */
function newFailures(
  policy: Policy,
  fixture: Fixture,
  library: readonly Policy[],
  review: Review,
  object: KubernetesObject,
): readonly string[] {
  // A field that is spelt right at last may show what the object lacked all along.
  if (policy.category === 'schema') return [];
  // A relation asks for other objects; those a fix of this one cannot write. What is on in no profile is a choice that
  // need not suit this policy, and so is a preference.
  const others = compatible(library, policy.id).filter(
    ({ id, target, profiles }) =>
      id !== policy.id &&
      target !== 'relation' &&
      !id.startsWith('prefer-') &&
      Object.keys(profiles).length > 0,
  );
  const compiled = compileLibrary(others, fixture, policy.id);
  // One that failed there before for another reason does not newly fail.
  const found = (candidate: KubernetesObject): readonly string[] =>
    judge(compiled, { ...review, object: candidate }).findings.map(
      ({ policy: id, locator }) => `${id} at ${locator}`,
    );
  const before = new Set(found(review.object));
  return found(object)
    .filter((finding) => !before.has(finding))
    .map((finding) => `the fix makes another policy fail: ${finding}`);
}

/** The same object with one parent of a finding's field taken away, or null, in each. */
function withoutParents(policy: Policy, fixture: Fixture, review: Review): readonly Review[] {
  const watch = watched(policy);
  const { findings } = judge(compileFor(watch.policy, fixture), review);
  const subjects = watch.calls.map(({ subject }) => pathOf(subject).map(String));
  const variants: Review[] = [];
  for (const { pointer } of findings) {
    const steps = pointerSteps(pointer);
    const own = subjects.filter((path) => path.every((step, index) => step === steps[index]));
    // Without metadata or spec it would be no object to speak of.
    const shortest = Math.max(1, ...own.map(({ length }) => length));
    for (let length = shortest + 1; length < steps.length; length++) {
      for (const replacement of [undefined, null]) {
        const object = structuredClone(review.object);
        if (replaceAt(object, steps.slice(0, length), replacement)) variants.push({ ...review, object });
      }
    }
  }
  return variants;
}

function replaceAt(object: unknown, steps: readonly string[], value: null | undefined): boolean {
  const last = steps.at(-1);
  let parent = object;
  for (const step of steps.slice(0, -1))
    parent =
      isRecord(parent) || Array.isArray(parent) ? (parent as Record<string, unknown>)[step] : undefined;
  if (last === undefined || !isRecord(parent) || parent[last] == null) return false;
  if (value === null) (parent as Record<string, unknown>)[last] = null;
  else Reflect.deleteProperty(parent, last);
  return true;
}
