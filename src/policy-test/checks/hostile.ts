import { builtinKinds, type KubernetesObject, type Operation, type Policy } from '#sdk';
import { factsOf } from '../../facts/facts-of.ts';
import type { Compiled } from '../../engine/compiled.ts';
import { fixReview } from '../../engine/fix.ts';
import { judge } from '../../engine/judge.ts';
import type { Review, Verdict } from '../../engine/review.ts';
import { schemasFor } from '../../schemas/schemas.ts';
import { deepFreeze } from '../../engine/deep-freeze.ts';
import type { Fixture, PolicyFolder } from '../fixtures.ts';
import { hostileObjects, longObjects } from '../hostile-objects.ts';
import { compileFor, now, reviewsOf } from '../judge-fixture.ts';
import { longMutants, mutants } from '../mutants.ts';
import { processorMs } from '../processor-time.ts';

/** A call of one policy costs microseconds; this is what an object of a megabyte may cost. */
const longestMs = 50;

const corpus = deepFreeze(hostileObjects());
/** From short to long: what is quadratic or worse shows early, instead of running for hours on the longest. */
const lengths = [1_000, 30_000, 1_000_000];
const longCorpora = lengths.map((length) => deepFreeze(longObjects(length)));

/** On objects that were never meant to be, a policy neither throws nor takes long. */
export function hostileObjectsPass({ policy }: PolicyFolder): readonly string[] {
  return firstObjections(
    [corpus, ...longCorpora].map(
      (objects) => () => objectionsOf(compiledByDefault(policy), asked(policy, objects)),
    ),
  );
}

function compiledByDefault(policy: Policy): Compiled {
  return compileFor(policy, { params: {}, kubernetes: undefined });
}

function asked(policy: Policy, objects: readonly KubernetesObject[]): readonly Review[] {
  const facts = factsOf(
    objects.map((object) => ({ object, namespace: 'a' })),
    Object.values(builtinKinds),
  );
  const schemas = schemasFor(36, objects);
  const operations: readonly Operation[] = policy.operations ?? ['CREATE'];
  return objects.flatMap((object) =>
    operations.flatMap((operation): Review[] => {
      const user = { username: '__proto__', groups: ['constructor'] };
      const review: Review = { operation, object, profile: 'production', now, facts, schemas, user };
      return operation === 'UPDATE' ? [review, { ...review, oldObject: object }] : [review];
    }),
  );
}

function firstObjections(tries: readonly (() => readonly string[])[]): readonly string[] {
  for (const attempt of tries) {
    const objections = attempt();
    if (objections.length > 0) return objections;
  }
  return [];
}

/** Neither does it on its fixtures with any one node replaced by something that does not belong there. */
export function mutantsPass({ policy, fixtures }: PolicyFolder): readonly string[] {
  return fixtures.flatMap((fixture) =>
    objectionsOf(compileFor(policy, fixture), mutatedReviews(policy, fixture, mutants)).map(
      (words) => `${fixture.name}: ${words}`,
    ),
  );
}

/** Nor with any text replaced by one that is far too long. */
export function longTextsPass({ policy, fixtures }: PolicyFolder): readonly string[] {
  return firstObjections(
    lengths.slice(0, -1).flatMap((length) =>
      fixtures.map((fixture) => () => {
        const reviews = mutatedReviews(policy, fixture, (object) => longMutants(object, length));
        const objections = objectionsOf(compileFor(policy, fixture), reviews);
        return objections.map((words) => `${fixture.name}: ${words}`);
      }),
    ),
  );
}

function* mutatedReviews(
  policy: Policy,
  fixture: Fixture,
  mutate: (object: object) => Iterable<object>,
): Generator<Review> {
  const seesFacts = policy.facts !== undefined || policy.optionalFacts !== undefined;
  const reviews = reviewsOf(fixture);
  for (const [index, review] of reviews.entries()) {
    for (const mutant of mutate(review.object) as Iterable<KubernetesObject>) {
      yield { ...review, object: mutant };
      // What is wrong with a fact shows when the others are judged.
      if (seesFacts && reviews.length > 1) {
        yield* reviewsOf(fixture, fixture.documents.with(index, mutant)).filter(
          (_, other) => other !== index,
        );
      }
    }
    if (review.oldObject === undefined) continue;
    for (const oldObject of mutate(review.oldObject)) yield { ...review, oldObject };
  }
}

function objectionsOf(compiled: Compiled, reviews: Iterable<Review>): readonly string[] {
  // By what it said: one fault shows on hundreds of mutants, and the first of them is enough.
  const objections = new Map<string, string>();
  const object = (words: string, review: Review): void => {
    if (!objections.has(words)) objections.set(words, `${words} on ${excerpt(review)}`);
  };
  for (const review of reviews) {
    // Neither may the objections grow without end.
    if (objections.size >= 5) break;
    const [verdict, ms] = timed(() => judged(compiled, review));
    if (verdict instanceof Error) {
      object(`the engine throws ${String(verdict)}`, review);
      continue;
    }
    for (const { message } of verdict.errors) object(message, review);
    if (ms > longestMs && slow(() => judged(compiled, review)))
      return [`takes ${Math.round(ms)} ms on ${excerpt(review)}`];
  }
  return [...objections.values()];
}

/** The verdict, and a fix where there is something to fix: one that meets the impossible is dropped, no more. */
function judged(compiled: Compiled, review: Review): Verdict | Error {
  try {
    const verdict = judge(compiled, review);
    if (verdict.findings.some(({ fixable }) => fixable)) fixReview(compiled, review, 'all');
    return verdict;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function timed<T>(call: () => T): readonly [T, number] {
  const start = performance.now();
  const result = call();
  return [result, performance.now() - start];
}

/** Twice more, by the processor: a machine that is busy elsewhere makes a call late, and no longer. */
function slow(call: () => unknown): boolean {
  return [call, call].every((again) => processorMs(again) > longestMs);
}

function excerpt({ object }: Review): string {
  return JSON.stringify(object, (_, value: unknown) =>
    typeof value === 'string' && value.length > 40 ? `${value.slice(0, 20)}… (${value.length})` : value,
  ).slice(0, 600);
}
