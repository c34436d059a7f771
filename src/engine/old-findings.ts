import type { Compiled, Entry, Plan, Reported } from './compiled.ts';
import { evaluate } from './evaluate.ts';
import type { CompiledException, Exceptions } from './exceptions.ts';
import { locator, type Unnamed } from './locate.ts';
import { reveal } from './reveal.ts';
import type { Review } from './review.ts';

/** What one message said of one place of the old object. */
interface Found {
  /** What it said of containers that an exception let off for their images. */
  readonly letOff: readonly CompiledException[];
  /** The credentials found there. */
  readonly secrets: Set<string>;
}

/** Findings of the object under review, and what was said of the old one elsewhere. */
interface BothObjects {
  readonly raw: readonly Reported[];
  readonly before: readonly Reported[];
}

/**
 * Which findings an update does not bring: the old object had them at the same place. Items of lists are told apart by
 * their names (containers, variables, hosts, capabilities). One without a name, such as a rule of a role, is another
 * once anything in it changes but its order. An argument or a document may hold as many credentials as it did.
 */
export function foundBefore(
  compiled: Compiled,
  plan: Plan,
  review: Review,
  { raw, before }: BothObjects,
  exceptions: Exceptions,
): (finding: Reported) => boolean {
  const { object, oldObject, operation, now } = review;
  if (operation !== 'UPDATE' || oldObject === undefined) return () => false;
  const placeIn = places();
  const old = new Map<string, Found>();
  // A request is never old: who may change an object is asked each time.
  const { findings } = evaluate(compiled, { ...plan, request: [] }, review, oldObject);
  for (const finding of [...findings, ...before]) {
    const { entry, at } = finding;
    const place = placeIn(oldObject, finding);
    const letOff = exceptions(entry.policy.id, at, oldObject).filter(
      ({ isContainer }) => isContainer !== undefined,
    );
    const secrets = old.get(place)?.secrets ?? new Set();
    const secret = reveal(finding);
    if (secret !== undefined) secrets.add(secret);
    old.set(place, { letOff, secrets });
  }
  if (old.size === 0) return () => false;
  const lasting = lastingSecrets(
    secretsByPlace(raw, (finding) => placeIn(object, finding)),
    old,
  );
  const tolerated = ({ grandfatherUntil }: Entry): boolean =>
    grandfatherUntil === undefined || now < grandfatherUntil;
  return (finding) => {
    const { entry, at } = finding;
    if (!tolerated(entry)) return false;
    const place = placeIn(object, finding);
    const found = old.get(place);
    if (found === undefined) return false;
    const secret = reveal(finding);
    if (secret !== undefined && lasting.get(place)?.has(secret) !== true) return false;
    // What a container was let off for its image is no habit of the object: another image never had it.
    const { letOff } = found;
    return letOff.length === 0 || exceptions(entry.policy.id, at).some((one) => letOff.includes(one));
  };
}

/** By place: the credentials that were there, and as many others as are there no longer. */
function lastingSecrets(
  present: ReadonlyMap<string, ReadonlySet<string>>,
  old: ReadonlyMap<string, Found>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const lasting = new Map<string, ReadonlySet<string>>();
  for (const [place, secrets] of present) {
    const before = old.get(place)?.secrets ?? new Set();
    const kept = [...secrets].filter((secret) => before.has(secret));
    const added = [...secrets].filter((secret) => !before.has(secret));
    lasting.set(place, new Set([...kept, ...added.slice(0, before.size - kept.length)]));
  }
  return lasting;
}

function secretsByPlace(
  findings: readonly Reported[],
  placeOf: (finding: Reported) => string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const secrets = new Map<string, Set<string>>();
  for (const finding of findings) {
    const secret = reveal(finding);
    if (secret === undefined) continue;
    const place = placeOf(finding);
    const known = secrets.get(place);
    if (known === undefined) secrets.set(place, new Set([secret]));
    else known.add(secret);
  }
  return secrets;
}

/** Names what a finding says of which place, comparable between two objects. */
function places(): (object: unknown, finding: Reported) => string {
  const itemByContent = contents();
  return (object, finding) => {
    const { entry, message, at } = finding;
    const { id } = entry.policy;
    // The number of lines decides how a document is spoken of.
    if (reveal(finding) !== undefined) return `${id} ${locator(object, at, () => '')}`;
    return `${id} ${message} ${locator(object, at, itemByContent)}`;
  };
}

/** Numbers items by what they hold, so that equal ones of two objects have the same number. */
function contents(): Unnamed {
  const numbers = new Map<unknown, number>();
  const written = new WeakMap<object, string>();
  // Nobody minds in which order a rule names its verbs, or a network policy its peers.
  const write = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const known = written.get(value);
    if (known !== undefined) return known;
    const text = Array.isArray(value)
      ? `[${value.map(write).sort().join()}]`
      : `{${Object.entries(value).map(writeMember).sort().join()}}`;
    written.set(value, text);
    return text;
  };
  const writeMember = ([key, value]: [string, unknown]): string => `${JSON.stringify(key)}:${write(value)}`;
  return (item, index) => {
    try {
      const content = typeof item === 'object' ? write(item) : item;
      const number = numbers.get(content) ?? numbers.size;
      numbers.set(content, number);
      return `=${number}`;
    } catch {
      // Nested deeper than can be written.
      return String(index);
    }
  };
}
