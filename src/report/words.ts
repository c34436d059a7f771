import type { Finding, Leniency, ObjectReference, Skip } from '../engine/review.ts';
import { summarize, type LocatedFinding, type Report, type ReportError } from './report.ts';

/** `1 file`, `2 files`. */
export function count(number: number, word: string, plural = `${word}s`): string {
  return `${number} ${number === 1 ? word : plural}`;
}

/** `Deployment shop/checkout` */
export function objectTitle({ kind, namespace, name }: ObjectReference): string {
  const own = name === '' ? '(no name)' : name;
  return `${kind} ${namespace === undefined ? own : `${namespace}/${own}`}`;
}

/** `deploy/web.yaml:3:5`, or nothing where an error has no place. */
export function placeOf({ file, line, column }: ReportError): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** `10 of 12 objects judged in 4 files`: how much a run looked at. */
export function coverageLine({ coverage: { files, objects, judged } }: Report): string {
  const some = judged === objects ? '' : `${judged} of `;
  return `${some}${count(objects, 'object')} judged in ${count(files, 'file')}`;
}

/** `9 findings (5 deny, 4 warn) and 1 error`: what came of it. */
export function verdictLine(report: Report): string {
  const summary = summarize(report);
  const errors = count(summary.errors, 'error');
  if (summary.findings === 0) return summary.errors > 0 ? errors : 'no findings';
  const parts = (['deny', 'warn', 'audit', 'excepted'] as const)
    .filter((action) => summary[action] > 0)
    .map((action) => `${summary[action]} ${action}`);
  const findings = `${count(summary.findings, 'finding')} (${parts.join(', ')})`;
  return summary.errors > 0 ? `${findings} and ${errors}` : findings;
}

const leniencies: Readonly<Record<Leniency, string>> = {
  'old-object': 'the object had it before',
  controller: 'made by a controller whose owner was judged',
  'metadata-only': 'only metadata changes',
  'fixed-on-pod': 'daygate fixes it on the pods',
  observe: 'the profile only observes',
};

/** Why a finding counts for less than its policy says; empty where it counts in full. */
export function noteOf({ exception, leniency }: Finding): string {
  if (exception !== undefined)
    return `excepted until ${exception.expires} by ${exception.owner}: ${exception.reason}`;
  return leniency === undefined ? '' : leniencies[leniency];
}

/** What a finding is in a report: its action, unless an exception takes it out of the count. */
export type Standing = Finding['action'] | 'excepted';

export function standingOf({ action, exception }: Finding): Standing {
  return exception === undefined ? action : 'excepted';
}

/** What was not judged, by reason; each reason is a whole sentence. */
export function gaps(skipped: readonly Skip[]): readonly {
  readonly reason: string;
  readonly names: readonly string[];
}[] {
  const byReason = groupBy(skipped, ({ policy, reason }) =>
    policy === undefined ? reason : `${policy} ${reason}`,
  );
  return [...byReason].map(([reason, items]) => ({
    reason,
    names: items.flatMap(({ object, file }) =>
      object === undefined ? (file ?? []) : `${object.kind} ${object.name}`,
    ),
  }));
}

/** `a, b, c and 4 more` */
export function firstOf(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** In the order in which the keys come up. */
export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Findings by file and object, in the report's order. */
export function byObject(findings: readonly LocatedFinding[]): readonly (readonly LocatedFinding[])[] {
  const groups = groupBy(findings, ({ file, document, item = -1, object }) =>
    [file, document, item, objectTitle(object)].join('\u0000'),
  );
  return [...groups.values()];
}
