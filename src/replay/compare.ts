import { compareTexts } from '../engine/order.ts';
import type { RecordedVerdict } from '../record/recorded-review.ts';
import { outcomeOf, unnamedOwner, type Outcome, type Replayed } from './replay.ts';

/** How a verdict can change, the gravest first. */
export const changeKinds = ['newly denied', 'newly allowed', 'denied differently', 'newly warned', 'no longer warned'] as const; // prettier-ignore
type ChangeKind = (typeof changeKinds)[number];

type RecordedFinding = RecordedVerdict['findings'][number];

/** A review that is answered in another way. */
export interface Change {
  readonly kind: ChangeKind;
  readonly review: Replayed;
  readonly before: Outcome;
  /** What makes the difference: the findings of after, or, where something goes, those of before. */
  readonly findings: readonly RecordedFinding[];
}

/**
 * What changes between two verdicts on one review; undefined where nothing does. What is only recorded or excepted
 * plays no part.
 *
 * @param blind JSON Pointers into the object at which the two verdicts are not about the same value
 */
export function compareVerdicts(
  before: RecordedVerdict,
  review: Replayed,
  blind: readonly string[],
): { readonly change: Change | undefined; readonly notCompared: number } {
  const isSeen = ({ pointer }: RecordedFinding): boolean => !blind.some((place) => touches(place, pointer));
  const had = before.findings.filter(isSeen);
  const has = review.verdict.findings.filter(isSeen);
  const notCompared = before.findings.length - had.length + (review.verdict.findings.length - has.length);
  const [was, is] = [outcomeFor(before, had), outcomeFor(review.verdict, has)];
  const denials = { before: denied(had), after: denied(has) };
  const warnings = { before: warned(had), after: warned(has) };
  const change = (kind: ChangeKind, findings: readonly RecordedFinding[]) => ({
    change: { kind, review, before: was, findings },
    notCompared,
  });
  if (is === 'denied' && was !== 'denied') return change('newly denied', denials.after);
  if (was === 'denied' && is !== 'denied') return change('newly allowed', denials.before);
  const added = without(denials.after, denials.before);
  const gone = without(denials.before, denials.after);
  if (added.length + gone.length > 0) return change('denied differently', added.length > 0 ? added : gone);
  // What is denied all the same need not be warned about.
  if (is === 'denied') return { change: undefined, notCompared };
  const more = without(warnings.after, warnings.before);
  if (more.length > 0) return change('newly warned', more);
  const fewer = without(warnings.before, warnings.after);
  return fewer.length > 0 ? change('no longer warned', fewer) : { change: undefined, notCompared };
}

function outcomeFor(verdict: RecordedVerdict, findings: readonly RecordedFinding[]): Outcome {
  return outcomeOf({
    ...verdict,
    findings: [...findings],
    allowed: !findings.some(({ action }) => action === 'deny'),
  });
}

function denied(findings: readonly RecordedFinding[]): readonly RecordedFinding[] {
  return findings.filter(({ action }) => action === 'deny');
}

function warned(findings: readonly RecordedFinding[]): readonly RecordedFinding[] {
  return findings.filter(({ action }) => action === 'warn');
}

function without(
  these: readonly RecordedFinding[],
  those: readonly RecordedFinding[],
): readonly RecordedFinding[] {
  const key = ({ policy, messageId, locator }: RecordedFinding): string =>
    `${policy} ${messageId} ${locator}`;
  const known = new Set(those.map(key));
  return these.filter((finding) => !known.has(key(finding)));
}

/** Whether one place is the other, or stands inside it. */
function touches(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** Changes of one kind that one policy makes for one owner. */
export interface ChangeGroup {
  readonly kind: ChangeKind;
  readonly policy: string;
  readonly owner: string;
  readonly reviews: number;
  /** The first that was met. */
  readonly example: Change;
}

/** Groups by kind, policy and owner: who has to be told what. The largest first. */
export function groupChanges(changes: readonly Change[]): readonly ChangeGroup[] {
  const groups = new Map<string, { -readonly [K in keyof ChangeGroup]: ChangeGroup[K] }>();
  for (const change of changes) {
    const { kind, review, findings } = change;
    const owner = review.owner ?? unnamedOwner(review.object);
    for (const policy of new Set(findings.map((finding) => finding.policy))) {
      const key = JSON.stringify([kind, policy, owner]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { kind, policy, owner, reviews: 1, example: change });
      else group.reviews++;
    }
  }
  return [...groups.values()].sort(
    (a, b) =>
      changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind) ||
      b.reviews - a.reviews ||
      compareTexts(a.policy, b.policy) ||
      compareTexts(a.owner, b.owner),
  );
}
