import { isRecord, type Path } from '#sdk';
import type { Compiled } from './compiled.ts';
import { edit, fixable, type Edited } from './edit.ts';
import { evaluate } from './evaluate.ts';
import { applyPatch } from './json-patch.ts';
import { choosePlan } from './judge.ts';
import { jsonPointer, locator } from './locate.ts';
import { narrowPlan, onlyEntry } from './plans.ts';
import type { Review } from './review.ts';

/** The edits that would resolve one finding, for a reader to look at. */
export interface Suggestion {
  readonly policy: string;
  readonly at: Path;
  /** The object with the edits. */
  readonly object: Review['object'];
}

/** Each takes time in proportion to the object: a pod of thousands of containers would take minutes. */
const mostSuggestions = 100;

/**
 * What policies suggest for their findings on the review's object: as little of their edits as resolves the finding;
 * what resolves nothing is left out, and so is what comes after the first hundred findings.
 */
export function suggestEdits(compiled: Compiled, review: Review): readonly Suggestion[] {
  const chosen = choosePlan(compiled, review);
  if (typeof chosen === 'string') return [];
  const plan = narrowPlan(chosen, ({ policy }) => policy.fix?.safety === 'suggestion');
  if (plan.empty) return [];
  const findings = fixable(evaluate(compiled, plan, review).findings).slice(0, mostSuggestions);
  const editsOf = new Map<string, Edited | string>();
  return findings.flatMap((finding) => {
    const { entry, subject, at } = finding;
    const key = `${entry.policy.id} ${jsonPointer(subject.at())}`;
    const edited = editsOf.get(key) ?? edit(review.object, entry, [subject]);
    editsOf.set(key, edited);
    if (typeof edited === 'string' || edited.patch.length === 0) return [];
    const ownPlan = onlyEntry(plan, entry);
    const resolves = (object: Review['object']): boolean => {
      const left = fixable(evaluate(compiled, ownPlan, { ...review, object }).findings);
      const place = locator(review.object, at);
      return !left.some((one) => one.message === finding.message && locator(object, one.at) === place);
    };
    const object = narrowings(at, review.object, edited.object).find(resolves);
    return object === undefined ? [] : [{ policy: entry.policy.id, at, object }];
  });
}

/**
 * The object with ever more of the edits: those of the field itself and of fields beside it that were not there before,
 * all those in the mapping or list that holds it, all.
 */
function narrowings(
  at: Path,
  before: Review['object'],
  after: Review['object'],
): readonly Review['object'][] {
  const parent = aboveShifts(at.slice(0, -1), before, after);
  const read = (root: unknown): unknown =>
    parent.reduce<unknown>(
      (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
      root,
    );
  const [old, value] = [read(before), read(after)];
  if (parent.length === 0 || old === undefined || value === undefined || value === old) return [after];
  const only = (present: unknown): Review['object'] =>
    applyPatch(before, [{ op: 'replace', path: jsonPointer(parent), value: present }]);
  if (!isRecord(old) || !isRecord(value)) return [only(value), after];
  const entries = Object.entries(value).map(([key, own]) =>
    key !== at.at(-1) && Object.hasOwn(old, key) ? [key, old[key]] : [key, own],
  );
  return [only(Object.fromEntries(entries)), only(value), after];
}

/** The path, up to a list that items came to or went from: below it, the same index is another item. */
function aboveShifts(path: Path, before: unknown, after: unknown): Path {
  let [old, value] = [before, after];
  for (const [depth, step] of path.entries()) {
    if (Array.isArray(old) && Array.isArray(value) && old.length !== value.length)
      return path.slice(0, depth);
    old = (old as Record<string | number, unknown> | undefined)?.[step];
    value = (value as Record<string | number, unknown> | undefined)?.[step];
  }
  return path;
}
