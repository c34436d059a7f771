import { scanText } from '#sdk';
import { formatsFor } from '../sdk/secrets/formats.ts';

/** What the detector says of a text, as far as a stand-in must get the same. */
export interface Said {
  /** Which of the texts it is about. */
  readonly index: number;
  readonly kind: string;
  readonly secret: () => string;
}

/** Looks at texts that belong together: the words of a command, the variables of a container, one annotation. */
export type Look = (texts: readonly string[]) => readonly Said[];

/** Throws where there is no more time: a hundred credentials together take a hundred looks at all their texts. */
export type InTime = () => void;

interface Concealment {
  readonly texts: readonly string[];
  /** Positions of the texts that were changed. */
  readonly changed: ReadonlySet<number>;
  /** Positions of the texts of which the detector no longer says what it said: nothing was found to stand in. */
  readonly unlike: ReadonlySet<number>;
  /** What was taken out. For the caller's eyes only. */
  readonly secrets: readonly string[];
}

/** Made up: nobody's credential. Long and mixed enough for every name that tells of one. */
export const madeUp = 'Q7rT2mXw9Kt4LpB8nYc3HsD6fJg1VaZe';
/** The same in base64. */
export const madeUpBase64 = 'UTdyVDJtWHc5S3Q0THBCOG5ZYzNIc0Q2ZkpnMVZhWmU=';
/** Where bytes are a private key: the head of one of Ed25519 in DER. */
export const madeUpKey = `MC4CAQAwBQYDK2VwBCIEI${madeUp}0nW5jR2kXcA=`;
/** Where nothing can stand in. The detector takes it for what it is. */
export const blank = '[redacted]';

const rounds = 64;
/** Characters of a line that the detector searches; nobody knows what comes behind them. */
const longestLine = 16_384;

const nothing: ReadonlySet<number> = new Set();

/**
 * Replaces credentials by made-up ones of the same kind, so that policies say of the copy what they say of the
 * original. What stands in shares no more with the original than its length, its public prefix and its separators,
 * and mostly not even those.
 */
export function conceal(texts: readonly string[], lookOnce: Look, inTime: InTime): Concealment {
  const look: Look = (all) => {
    inTime();
    return lookOnce(all);
  };
  const isBlind = texts.map((text) => text.length > longestLine && longLine(text));
  const said = look(texts);
  if (said.length === 0 && !isBlind.includes(true)) {
    return { texts, changed: nothing, unlike: nothing, secrets: [] };
  }
  const masked = texts.map((text, index) => (isBlind[index] === true ? blank : text));
  const secrets: string[] = [];
  const kinds: string[] = [];
  const mask = ({ index, secret: tell, kind }: Said): void => {
    inTime();
    const secret = tell();
    // The same was said twice.
    if (secrets.includes(secret) && !masked.some((text) => text.includes(secret))) return;
    const place = masked[index]?.includes(secret) === true ? index : masked.findIndex((text) => text.includes(secret)); // prettier-ignore
    if (secret === '' || place < 0) masked[index] = blank;
    else masked[place] = (masked[place] ?? '').replaceAll(secret, marker(secrets.length));
    secrets.push(secret);
    kinds.push(kind);
  };
  // The detector names one credential of a line at a time.
  let rest: readonly Said[] = said;
  for (let round = 0; rest.length > 0 && round < rounds; round++) {
    rest.forEach(mask);
    rest = look(masked);
  }
  for (const { index } of rest) masked[index] = blank;
  const standIns = secrets.map((secret, number) => standInFor(secret, number, kinds, masked, look));
  const filled = masked.map((text) => fill(text, (number) => standIns[number] ?? blank));
  const changed = new Set([...texts.keys()].filter((index) => filled[index] !== texts[index]));
  const unlike = differing(said, look(filled), isBlind);
  for (const index of unlike) filled[index] = blank;
  return { texts: filled, changed, unlike, secrets };
}

/** Whether a line goes on behind what the detector searches. */
function longLine(text: string): boolean {
  return text.split('\n').some((line) => line.length > longestLine);
}

function marker(number: number): string {
  return `[redacted-${number}]`;
}

function fill(text: string, standIn: (number: number) => string | undefined): string {
  return text.replace(/\[redacted-(\d{1,4})\]/g, (whole, number: string) => standIn(Number(number)) ?? whole);
}

/** The first candidate that the detector takes for the same kind of credential, in the place of the original. */
function standInFor(
  secret: string,
  number: number,
  kinds: readonly string[],
  masked: readonly string[],
  look: Look,
): string {
  const kind = kinds[number] ?? '';
  for (const candidate of candidates(secret, kind)) {
    const tried = masked.map((text) => fill(text, (at) => (at === number ? candidate : undefined)));
    if (look(tried).some((said) => said.kind === kind)) return candidate;
  }
  return blank;
}

/** A key in PEM, in base64: how it begins. */
const pemInBase64 = `LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t${madeUp}`;
/** The header of a JSON Web Token that says it is not signed, and an empty one behind it. */
const unsignedToken = ['eyJhbGciOiJub25lIn0', 'eyJzdWIiOiJub2JvZHkifQ', ''].join('.');
/** `nobody:` and what is made up. */
const userInBase64 = 'bm9ib2R5OlE3clQybVh3OUt0NExwQjg=';
const alphabets = [madeUp, '7b2e9c4a1f8d3605', 'K7Q2XW9T4LPB8NYC3HSD6FJG1V', '7294186350'];

function* candidates(secret: string, kind: string): Generator<string> {
  yield madeUp;
  yield* [unsignedToken, pemInBase64, userInBase64];
  // The shortest beginning with which it is of its kind still, by which everybody tells whose tokens these are.
  for (const prefix of ['', ...prefixes(secret, kind)])
    for (const alphabet of alphabets) yield prefix + respell(secret.slice(prefix.length), alphabet);
}

/** How a credential of this kind may begin: with a clue (`xox`, `_live_`), and the letters behind it (`xoxb`). */
function* prefixes(secret: string, kind: string): Generator<string> {
  for (const { clues } of formatsFor(secret).filter((format) => format.kind === kind)) {
    for (const clue of clues) {
      const at = secret.indexOf(clue);
      // Further on, it is no beginning: `_live_` of `sk_live_` is the furthest.
      if (at < 0 || at > 2) continue;
      const end = at + clue.length;
      const [letters = ''] = /^[a-z]{0,6}/i.exec(secret.slice(end)) ?? [];
      for (let more = 0; more <= letters.length; more++) yield secret.slice(0, end + more);
    }
  }
}

/** Other letters and digits between the same separators. */
function respell(text: string, alphabet: string): string {
  let next = 0;
  return text.replace(/[a-z\d]/gi, () => alphabet.charAt(next++ % alphabet.length));
}

/** Positions of texts of which something else is said now. */
function differing(
  before: readonly Said[],
  after: readonly Said[],
  isBlind: readonly boolean[],
): ReadonlySet<number> {
  const key = (said: readonly Said[], index: number): string =>
    said.flatMap((one) => (one.index === index ? [one.kind] : [])).join('\n');
  return new Set(
    [...isBlind.keys()].filter(
      (index) => isBlind[index] === true || key(before, index) !== key(after, index),
    ),
  );
}

interface FoundInLine {
  readonly line: number;
  readonly kind: string;
  readonly key?: string;
}

/**
 * A document of as many lines in which the same is found on the same lines, and nothing else stands: who has one
 * credential in a document may have others in it that nobody knows for such.
 */
export function emptied(
  text: string,
  found: readonly FoundInLine[],
  scan: (text: string) => readonly FoundInLine[],
  inTime: InTime,
): { readonly text: string; readonly isAlike: boolean } {
  const lines = text.split('\n').map(() => '');
  const put = (line: number, content: string): void => void (lines[line - 1] = content);
  for (const { line, key = 'password' } of found) put(line, `${key}: ${madeUp}`);
  const missed = (): readonly FoundInLine[] => {
    const after = scan(lines.join('\n'));
    return found.filter((one) => !after.some(({ line, kind }) => line === one.line && kind === one.kind));
  };
  const source = text.split('\n');
  // What was told by its format needs its line around it.
  for (const { line } of missed()) {
    const look: Look = ([one = '']) => scanSecrets(one);
    put(line, conceal([source[line - 1] ?? ''], look, inTime).texts[0] ?? '');
  }
  const isAlike = missed().length === 0 && scan(lines.join('\n')).length === found.length;
  return { text: lines.join('\n'), isAlike };
}

function scanSecrets(text: string): readonly Said[] {
  return scanText('', text).map((said) => ({ index: 0, ...said }));
}
