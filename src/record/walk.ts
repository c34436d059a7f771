import { detectCredential, redact, scanText, type JsonRecord } from '#sdk';
import { jsonPointer } from '../engine/locate.ts';
import { blank, conceal, type InTime, type Look, type Said } from './stand-in.ts';

/** A walk through one value. */
export interface Walk {
  readonly replaced: string[];
  readonly unlike: string[];
  /** What was taken out: it may stand elsewhere, too. */
  readonly secrets: Set<string>;
  readonly inTime: InTime;
}

/** Conceals texts that belong together, and notes what was done. */
export function concealed(
  texts: readonly string[],
  pointers: readonly string[],
  look: Look,
  walk: Walk,
): readonly string[] {
  const { texts: after, changed, unlike, secrets } = conceal(texts, look, walk.inTime);
  for (const index of changed) walk.replaced.push(pointers[index] ?? '');
  for (const index of unlike) walk.unlike.push(pointers[index] ?? '');
  for (const secret of secrets) walk.secrets.add(secret);
  return after;
}

/** Conceals a text that stands alone. */
export function concealedText(
  text: string,
  pointer: string,
  detect: (text: string) => readonly Omit<Said, 'index'>[],
  walk: Walk,
): string {
  const look: Look = ([one = '']) => detect(one).map((said) => ({ index: 0, ...said }));
  const [after = blank] = concealed([text], [pointer], look, walk);
  return after;
}

/** A value under a name, as it is judged in variables, annotations and anywhere else. */
export function detectNamed(name: string, value: string): readonly Omit<Said, 'index'>[] {
  const whole = detectCredential({ name, value });
  return [...(whole === undefined ? [] : [whole]), ...scanText(name, value)];
}

type Change = (key: string, value: unknown, pointer: string) => unknown;

/** Every field of an object, with keys that are credentials themselves replaced. */
export function mapRecord(record: JsonRecord, pointer: string, walk: Walk, change: Change): JsonRecord {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(record)) {
    if (key === 'managedFields') continue;
    const clean = redact(key) === key ? key : `redacted-${entries.length}`;
    const at = pointer + jsonPointer([clean]);
    if (clean !== key) {
      walk.replaced.push(at);
      walk.unlike.push(at);
      walk.secrets.add(key);
    }
    entries.push([clean, change(key, value, at)]);
  }
  return Object.fromEntries(entries);
}
